"""The workbench: service layer, REST under /api, safety, and the pages in the browser."""
