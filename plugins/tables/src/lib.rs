//! Tables as objects: read CSV and JSON lines, filter, group, sort, join, describe.
