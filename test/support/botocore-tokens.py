"""Signs each request of a JSON list on stdin with botocore, its clock standing at the instant of the request."""

import json
import sys
from datetime import datetime
from unittest.mock import patch

import botocore.auth
from botocore.session import Session


session = Session()


def token(request):
    client = session.create_client(
        "rds",
        region_name="us-east-1",
        aws_access_key_id=request["accessKeyId"],
        aws_secret_access_key=request["secretAccessKey"],
        aws_session_token=request.get("sessionToken"),
    )
    at = datetime.strptime(request["at"], "%Y-%m-%dT%H:%M:%SZ")
    with patch.object(botocore.auth, "get_current_datetime", lambda: at):
        return client.generate_db_auth_token(
            DBHostname=request["hostname"],
            Port=request["port"],
            DBUsername=request["username"],
            Region=request["region"],
        )


json.dump([token(request) for request in json.load(sys.stdin)], sys.stdout)
