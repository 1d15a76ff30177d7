"""Series measured year by year or quarter by quarter."""
