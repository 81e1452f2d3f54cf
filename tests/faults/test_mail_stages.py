"""The mail server falls silent or cuts the line, at every stage of the conversation: who may have the message is known.

What becomes of the letter then is in test_mail_away.py.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosmtplib
import pytest

from activities.mail import MailServer, Unanswered
from local.ports import HOST

MESSAGE = b"From: a@house.example\r\nTo: b@house.example\r\nSubject: x\r\n\r\nText.\r\n"
ANSWERS = {
    "EHLO": b"250 here",
    "MAIL": b"250 ok",
    "RCPT": b"250 ok",
    "DATA": b"354 go on",
    ".": b"250 kept",
    "QUIT": b"221 bye",
}
BEFORE, DURING, AFTER = ("greeting", "EHLO"), ("MAIL", "RCPT", "DATA", "."), ("QUIT",)


@asynccontextmanager
async def server_that_fails_at(stage: str, how: str) -> AsyncIterator[MailServer]:
    """A mail server that answers as it should until a stage of the conversation."""

    async def fail() -> None:
        if how == "silent":
            await asyncio.sleep(5)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if stage == "greeting":
                return await fail()
            writer.write(b"220 house.example\r\n")
            in_message = False
            while line := await reader.readline():
                word = line.decode().split()[0].upper() if line.strip() else ""
                if in_message and word != ".":
                    continue
                if word == stage:
                    return await fail()
                in_message = word == "DATA"
                writer.write(ANSWERS[word] + b"\r\n")
        finally:
            writer.close()

    server = await asyncio.start_server(talk, HOST, 0)
    async with server:
        yield MailServer(HOST, server.sockets[0].getsockname()[1], patience=0.3)


@pytest.mark.parametrize("how", ["silent", "cut"])
@pytest.mark.parametrize("stage", BEFORE)
async def test_before_the_conversation_it_cannot_have_the_message(stage: str, how: str) -> None:
    async with server_that_fails_at(stage, how) as server:
        with pytest.raises((aiosmtplib.SMTPException, OSError)) as failure:
            await server.take(MESSAGE)
    assert not isinstance(failure.value, Unanswered)


@pytest.mark.parametrize("how", ["silent", "cut"])
@pytest.mark.parametrize("stage", DURING)
async def test_during_the_conversation_it_may_have_the_message(stage: str, how: str) -> None:
    async with server_that_fails_at(stage, how) as server:
        with pytest.raises(Unanswered):
            await server.take(MESSAGE)


@pytest.mark.parametrize("how", ["silent", "cut"])
@pytest.mark.parametrize("stage", AFTER)
async def test_after_it_has_said_so_it_has_the_message(stage: str, how: str) -> None:
    async with server_that_fails_at(stage, how) as server:
        await server.take(MESSAGE)
