"""The demo shop's fixed data: products, customers, carriers, and orders with dates relative to today."""
