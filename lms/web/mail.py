"""Mail, where a server is set up: sent after the commit, by a thread of its own.

A request thus takes as long whether or not there was somebody to write to. Without a server nothing is
sent, and the pages say who can hand over a link.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
import threading
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from lms.actions import signing_in
from lms.actions.review import Answered
from lms.actions.signing_in import LinkToMail
from lms.config import Config
from lms.web.reading import current_config
from lms.web.visiting import whole_address

log = logging.getLogger("lms.mail")
TIMEOUT_S = 20


def send_password_link(link: LinkToMail, address: str) -> None:
    _send(
        link.email,
        "Choose a new password",
        f"Hello {link.name},\n\nsomebody, we hope you, asked for a new password at {_site()}.\n"
        f"Open this link within a day to choose it:\n\n{address}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n",
    )


def ask_to_confirm(user_id: int) -> None:
    """Mail the link that proves the person's address. Does nothing without a mail server."""
    if not current_config().mail_server:
        return
    link = signing_in.confirm_mail_link(user_id)
    address = whole_address("auth.confirm_mail", token=link.token)
    _send(
        link.email,
        "Confirm your email address",
        f"Hello {link.name},\n\nplease confirm that this is your address, within a week:\n\n{address}\n",
    )


def tell_of_answer(answered: Answered, address: str) -> None:
    """Mail the author that there is an answer: no word of it, nor of the text. A form that came twice is
    told of once. Does nothing without a mail server."""
    if not current_config().mail_server or answered.reviewed.again or not answered.email:
        return
    _send(
        answered.email,
        "You have an answer",
        f"Hello {answered.name},\n\nsomebody has read what you handed in, and answered. Read it here:\n\n"
        f"{address}\n",
    )


def _site() -> str:
    return whole_address("site.home")


def _send(to: str, subject: str, text: str) -> None:
    config = current_config()
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = config.mail_from, to, subject
    message.set_content(text)
    threading.Thread(target=_deliver, args=(config, message), name="mail", daemon=True).start()


def _deliver(config: Config, message: EmailMessage) -> None:
    server = urlsplit(config.mail_server)
    try:
        with _connect(server.scheme, server.hostname or "", server.port) as smtp:
            if server.username:
                smtp.login(unquote(server.username), unquote(server.password or ""))
            smtp.send_message(message)
    except (OSError, smtplib.SMTPException):
        log.exception("mail was not sent")


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=context)
    smtp = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_S)
    smtp.ehlo()
    if smtp.has_extn("starttls"):
        smtp.starttls(context=context)
    return smtp
