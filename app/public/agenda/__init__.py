"""The agenda as visitors read it: a list, a month, a page of each event, calendars and a feed."""
