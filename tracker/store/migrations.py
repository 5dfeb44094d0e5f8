"""All migrations.

The first 17 are in `schema`. Each later one has a module of its own, `schema_<subject>`, which
registers it when it is imported. They are applied in the order of their numbers. A database that
has seen a later number gets what it lacks all the same: none may depend on a later one.
"""

from tracker.store import schema_alerts as _alerts  # noqa: F401 - registers its migration
from tracker.store import schema_articles as _articles  # noqa: F401 - registers its migration
from tracker.store import schema_first_answers as _first_answers  # noqa: F401 - registers its migration
from tracker.store import schema_first_contact as _first_contact  # noqa: F401 - registers its migration
from tracker.store import schema_own_words as _own_words  # noqa: F401 - registers its migration
from tracker.store import schema_purged as _purged  # noqa: F401 - registers its migration
from tracker.store import schema_views as _views  # noqa: F401 - registers its migration
from tracker.store.schema import migrations

__all__ = ["migrations"]
