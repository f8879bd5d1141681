"""What two or more services use today: contracts, forms, and machinery that names no case and no clinic."""
