"""A mail server that takes one mail and prints it: with TLS from the start (`implicit`), or after STARTTLS (`starttls`).

It knows as much of SMTP as it takes for one mail, and refuses to take it without TLS and the right password.
"""

import asyncio
import base64
import json
import os
import ssl
import sys

KIND, FOLDER = sys.argv[1], sys.argv[2]


def context():
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(os.path.join(FOLDER, "cert.pem"), os.path.join(FOLDER, "key.pem"))
    return found


async def serve(reader, writer, done):
    secure, known, mail = KIND == "implicit", False, {"recipients": []}

    async def say(text):
        writer.write(text.encode() + b"\r\n")
        await writer.drain()

    await say("220 ready")
    while line := (await reader.readline()).decode():
        word = line.split(None, 1)[0].upper().rstrip(":") if line.strip() else ""
        if word == "EHLO":
            await say("250-localhost\r\n250 " + ("AUTH PLAIN" if secure else "STARTTLS"))
        elif word == "STARTTLS":
            await say("220 go on")
            await writer.start_tls(context())
            secure = True
        elif word == "AUTH":
            told = base64.b64decode(line.split()[2]).split(b"\0")
            known = secure and told[1:] == [b"tea", b"p@ss"]
            await say("235 welcome" if known else "535 no")
        elif word in ("MAIL", "RCPT") and not known:
            await say("530 say who you are")
        elif word == "MAIL":
            mail["sender"] = line.split("<")[1].split(">")[0]
            await say("250 ok")
        elif word == "RCPT":
            mail["recipients"].append(line.split("<")[1].split(">")[0])
            await say("250 ok")
        elif word == "DATA":
            await say("354 go on")
            text = await reader.readuntil(b"\r\n.\r\n")
            mail["text"] = text.decode()
            await say("250 taken")
        elif word == "QUIT":
            await say("221 bye")
            break
        else:
            await say("250 ok")
    writer.close()
    if "text" in mail and not done.done():
        done.set_result(mail)


async def main():
    done = asyncio.get_running_loop().create_future()
    tls = context() if KIND == "implicit" else None
    server = await asyncio.start_server(lambda r, w: serve(r, w, done), "127.0.0.1", 0, ssl=tls)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    print(json.dumps(await asyncio.wait_for(done, 60)), flush=True)


asyncio.run(main())
