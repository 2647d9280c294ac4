"""Everything of Shopdesk that opens a port to people: the shoppers' door and the pages it serves."""
