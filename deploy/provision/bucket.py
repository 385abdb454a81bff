"""A bucket on an S3-compatible server."""

from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

REGION = "us-east-1"
OURS_ALREADY = {"BucketAlreadyExists", "BucketAlreadyOwnedByYou"}


def made_bucket(endpoint: str, bucket: str, access_key: str, secret_key: str) -> bool:
    """Make the bucket unless it exists, and say whether it is there; False while the server cannot be reached."""
    try:
        client(endpoint, access_key, secret_key).create_bucket(Bucket=bucket)
    except ClientError as refusal:
        if refusal.response["Error"]["Code"] not in OURS_ALREADY:
            raise
    except BotoCoreError:
        return False
    return True


def client(endpoint: str, access_key: str, secret_key: str) -> Any:
    """Return a boto3 client as an S3-compatible server needs it."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            retries={"total_max_attempts": 1},
        ),
    )
