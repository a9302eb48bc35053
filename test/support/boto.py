"""Asks the emulator by boto3: boto.py SERVICE OPERATION PARAMETERS-AS-JSON; prints the answer as JSON."""

import json
import sys

import boto3

service, operation, parameters = sys.argv[1:]
answer = getattr(boto3.client(service), operation)(**json.loads(parameters))
answer.pop("ResponseMetadata", None)
print(json.dumps(answer, default=str))
