"""The full-screen view of stories, timelines and reports, by Textual (the extra `tui`)."""
