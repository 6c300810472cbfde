"""Papers as their readers get them: one value, set as text, spreadsheet, PDF or page."""
