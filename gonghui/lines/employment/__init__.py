"""Employment service (就业服务): training, job fairs, where people went, and small loans."""
