"""What a lesson does besides boto3: open the lab, take earlier steps, inspect a pool, clean up."""
