"""Stock Rasa and Shopdesk side by side: the same data, domain, dialogues and demo shop, the same load through each one's front door."""
