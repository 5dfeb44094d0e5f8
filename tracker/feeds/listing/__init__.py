"""Lists of feeds as other programs exchange them."""
