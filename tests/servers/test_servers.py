"""Both kinds of test servers do what the code relies on."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.request import urlopen

import aio_pika
import pytest
from pymongo import AsyncMongoClient, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase

from deploy.provision.bucket import client
from tests.servers.servers import Bucket


@pytest.fixture
async def channel(rabbitmq_url: str) -> AsyncIterator[aio_pika.abc.AbstractChannel]:
    connection = await aio_pika.connect(rabbitmq_url)
    async with connection:
        yield await connection.channel()


async def test_the_broker_keeps_a_confirmed_message_in_a_quorum_queue(
    channel: aio_pika.abc.AbstractChannel, namespace: str
) -> None:
    queue = await channel.declare_queue(f"{namespace}.work", durable=True, arguments={"x-queue-type": "quorum"})
    message = aio_pika.Message(b"hello", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
    await channel.default_exchange.publish(message, routing_key=queue.name)
    received = await queue.get(timeout=10)
    assert received.body == b"hello"
    await received.ack()
    await queue.delete(if_unused=False, if_empty=False)  # a quorum queue knows no conditions


async def test_the_database_is_a_replica_set_that_confirms_by_majority(mongo_url: str, database_name: str) -> None:
    mongo: AsyncMongoClient[dict[str, Any]]
    async with AsyncMongoClient(mongo_url) as mongo:
        hello = await mongo.admin.command("hello")
        assert hello["setName"]
        assert hello["isWritablePrimary"]
        database: AsyncDatabase[dict[str, Any]] = mongo[database_name]
        jobs = database.get_collection("jobs", write_concern=WriteConcern("majority", j=True))
        assert (await jobs.insert_one({"_id": "a"})).acknowledged
        async with mongo.start_session() as session, await session.start_transaction():
            await jobs.update_one({"_id": "a"}, {"$set": {"status": "queued"}}, session=session)
        assert await jobs.find_one({"status": "queued"}) == {"_id": "a", "status": "queued"}


def test_the_object_store_takes_objects_and_multipart_uploads(object_store: Bucket, key_prefix: str) -> None:
    s3 = client(object_store.endpoint, object_store.access_key, object_store.secret_key)
    place = {"Bucket": object_store.name, "Key": f"{key_prefix}song"}
    s3.put_object(**place, Body=b"short")
    assert s3.get_object(**place)["Body"].read() == b"short"

    parts = [b"a" * (5 << 20), b"b"]
    upload = s3.create_multipart_upload(**place)["UploadId"]
    etags = [
        s3.upload_part(**place, UploadId=upload, PartNumber=number, Body=part)["ETag"]
        for number, part in enumerate(parts, start=1)
    ]
    listed = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(etags, start=1)]
    s3.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": listed})
    assert s3.get_object(**place)["Body"].read() == b"".join(parts)


def test_a_presigned_url_needs_no_keys_and_a_forged_one_is_refused(object_store: Bucket, key_prefix: str) -> None:
    s3 = client(object_store.endpoint, object_store.access_key, object_store.secret_key)
    place = {"Bucket": object_store.name, "Key": f"{key_prefix}song"}
    s3.put_object(**place, Body=b"audio")
    url = s3.generate_presigned_url("get_object", Params=place, ExpiresIn=60)
    with urlopen(url, timeout=10) as answer:
        assert answer.read() == b"audio"
    with pytest.raises(OSError, match="403"):
        urlopen(url[:-4] + "0000", timeout=10)
