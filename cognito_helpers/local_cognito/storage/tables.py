"""The tables of the store, and how to update a file of an earlier version.

The meaning of a row is described in its own module.
"""

from __future__ import annotations

import secrets
import sqlite3

VERSION = 4

SESSIONS = """
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id INTEGER REFERENCES users ON DELETE CASCADE,  -- NULL for a user who is only simulated
    attempt TEXT NOT NULL,            -- shared by all sessions of one sign-in
    expects TEXT NOT NULL, expires REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0, -- by a new password, or by signing the user out
    device_key TEXT,                  -- of the device that the sign-in named
    -- the digest of the SECRET_BLOCK that went with an SRP challenge
    secret_block BLOB UNIQUE,
    srp_key BLOB,                     -- what both sides of that challenge derive, and only they
    totp_offered TEXT,                -- the secret that waits for its first code
    state TEXT NOT NULL,              -- JSON: what else the challenge must know to judge an answer
    failures INTEGER NOT NULL DEFAULT 0  -- wrong codes
) WITHOUT ROWID;
CREATE INDEX sessions_by_end ON sessions (expires);
CREATE INDEX sessions_of_client ON sessions (client_id);
CREATE INDEX sessions_of_user ON sessions (user_id)"""

SIGN_INS = """
CREATE TABLE sign_ins (
    origin_jti TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    auth_time REAL NOT NULL, device_key TEXT, revoked INTEGER NOT NULL DEFAULT 0,
    totp_offered TEXT                 -- as in sessions, if an access token asked for it
) WITHOUT ROWID;
CREATE INDEX sign_ins_of_client ON sign_ins (client_id);
CREATE INDEX sign_ins_of_user ON sign_ins (user_id);
CREATE TABLE refresh_tokens (
    digest BLOB PRIMARY KEY, origin_jti TEXT NOT NULL REFERENCES sign_ins ON DELETE CASCADE,
    expires REAL NOT NULL,
    replaced REAL                     -- when rotation put another in its place
) WITHOUT ROWID;
CREATE INDEX refresh_tokens_of_sign_in ON refresh_tokens (origin_jti)"""

DEVICES = """
CREATE TABLE devices (
    key TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    created REAL NOT NULL, modified REAL NOT NULL, authenticated REAL NOT NULL,
    name TEXT, salt BLOB, verifier BLOB,    -- NULL until the device is confirmed
    remembered INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX devices_of_user ON devices (user_id)"""

GROUPS = """
CREATE TABLE user_groups (
    id INTEGER PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,           -- JSON: the Description, RoleArn and Precedence it was given
    created REAL NOT NULL, modified REAL NOT NULL, UNIQUE (pool_id, name)
);
CREATE TABLE group_members (
    group_id INTEGER NOT NULL REFERENCES user_groups ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;
CREATE INDEX groups_of_user ON group_members (user_id)"""

PASSKEYS = """
CREATE TABLE passkeys (
    id TEXT NOT NULL,                 -- the CredentialId, in Base64url
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    relying_party TEXT NOT NULL, public_key BLOB NOT NULL, sign_count INTEGER NOT NULL,
    name TEXT NOT NULL, attachment TEXT,
    transports TEXT NOT NULL,         -- JSON: a list
    created REAL NOT NULL, PRIMARY KEY (user_id, id)
) WITHOUT ROWID;
CREATE TABLE passkey_registrations (
    user_id INTEGER PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    challenge TEXT NOT NULL, expires REAL NOT NULL
);
CREATE INDEX passkey_registrations_of_client ON passkey_registrations (client_id)"""

OF_USER = "CREATE INDEX outbox_by_user ON outbox (user_id)"
BY_ENABLED = "CREATE INDEX users_by_enabled ON users (pool_id, enabled)"

SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('clock offset', 0);

CREATE TABLE pools (
    id TEXT PRIMARY KEY, created REAL NOT NULL, modified REAL NOT NULL,
    settings TEXT NOT NULL,           -- JSON, as DescribeUserPool gives it
    -- JSON: the factors' settings, as SetUserPoolMfaConfig takes them
    mfa_config TEXT NOT NULL DEFAULT '{{}}',
    device_group TEXT NOT NULL,       -- the DeviceGroupKey of all its devices
    -- how many there are: counting 100,000 rows at each look would take longer than the look
    users INTEGER NOT NULL DEFAULT 0,
    -- from which the salts and ids of users who do not exist are drawn
    secret BLOB NOT NULL
);
CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    token_use TEXT NOT NULL, private_key BLOB NOT NULL, UNIQUE (pool_id, token_use)
);
CREATE TABLE clients (
    id TEXT PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    created REAL NOT NULL, modified REAL NOT NULL,
    settings TEXT NOT NULL            -- JSON, as DescribeUserPoolClient gives it
);
CREATE INDEX clients_of_pool ON clients (pool_id);
CREATE TABLE users (
    id INTEGER PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    username TEXT NOT NULL,
    name_key TEXT NOT NULL,           -- the user name as the pool compares it
    sub TEXT NOT NULL UNIQUE, status TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1,
    created REAL NOT NULL, modified REAL NOT NULL,
    -- of a random password no one knows if the user has none
    salt BLOB NOT NULL, verifier BLOB NOT NULL,
    has_password INTEGER NOT NULL DEFAULT 1,
    temporary_until REAL,             -- when a password that an administrator gave stops being good
    failed_passwords INTEGER NOT NULL DEFAULT 0, last_failure REAL NOT NULL DEFAULT 0,
    -- wrong codes, and wrong proofs of a device
    failed_factors INTEGER NOT NULL DEFAULT 0, last_failed_factor REAL NOT NULL DEFAULT 0,
    totp_secret TEXT, totp_name TEXT, -- of the verified authenticator app
    -- the second factors the user has on, with spaces between; the one that's preferred; and one
    -- that was turned on by a sign-in, since the pool requires MFA
    mfa_factors TEXT NOT NULL DEFAULT '', mfa_preference TEXT, mfa_automatic TEXT,
    UNIQUE (pool_id, name_key)
);
CREATE INDEX users_of_pool ON users (pool_id);
CREATE INDEX users_by_status ON users (pool_id, status);
{BY_ENABLED};
CREATE TRIGGER user_added AFTER INSERT ON users BEGIN
    UPDATE pools SET users = users + 1 WHERE id = NEW.pool_id; END;
CREATE TRIGGER user_gone AFTER DELETE ON users BEGIN
    UPDATE pools SET users = users - 1 WHERE id = OLD.pool_id; END;
CREATE TABLE attributes (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, pool_id TEXT NOT NULL,
    name TEXT NOT NULL, value TEXT NOT NULL,
    value_key TEXT NOT NULL,          -- the value in lower case, for filters
    PRIMARY KEY (user_id, name)
) WITHOUT ROWID;
CREATE INDEX attributes_by_value ON attributes (pool_id, name, value_key, user_id);
CREATE TABLE codes (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, purpose TEXT NOT NULL,
    code TEXT NOT NULL, expires REAL NOT NULL, PRIMARY KEY (user_id, purpose)
) WITHOUT ROWID;
CREATE TABLE attempts (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    action TEXT NOT NULL, at REAL NOT NULL
);
CREATE INDEX attempts_of_user ON attempts (user_id, action, at);
CREATE TABLE used_totp_steps (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    step INTEGER NOT NULL, PRIMARY KEY (user_id, step)
) WITHOUT ROWID;{SESSIONS};{SIGN_INS};{DEVICES};{GROUPS};{PASSKEYS};
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    name_key TEXT NOT NULL,
    user_id INTEGER REFERENCES users ON DELETE CASCADE,
    medium TEXT NOT NULL DEFAULT 'EMAIL',  -- or SMS
    destination TEXT NOT NULL, subject TEXT NOT NULL,
    body TEXT NOT NULL, code TEXT NOT NULL, sent REAL NOT NULL
);
CREATE INDEX outbox_of_user ON outbox (name_key, id);
{OF_USER}"""


def make(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty database."""
    # Statement by statement: `executescript` would first commit, and so release the lock.
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)


_TO_2 = [
    "ALTER TABLE sign_ins RENAME TO old_sign_ins",
    "DROP INDEX sign_ins_of_client",
    "DROP INDEX sign_ins_of_user",
    *SIGN_INS.split(";\n"),
    (
        "INSERT INTO sign_ins (origin_jti, client_id, user_id, auth_time, device_key, revoked)"
        " SELECT origin_jti, client_id, user_id, auth_time, device_key, revoked"
        " FROM old_sign_ins"
    ),
    (
        "INSERT INTO refresh_tokens SELECT refresh_digest, origin_jti, refresh_expires, NULL FROM"
        " old_sign_ins"
    ),
    "DROP TABLE old_sign_ins",
    "ALTER TABLE devices RENAME TO old_devices",
    "DROP INDEX devices_of_user",
    *DEVICES.split(";\n"),
    (
        "INSERT INTO devices (key, user_id, created, modified, authenticated) SELECT key, user_id,"
        " created, created, created FROM old_devices"
    ),
    "DROP TABLE old_devices",
    "ALTER TABLE users ADD COLUMN temporary_until REAL",
    "ALTER TABLE users ADD COLUMN mfa_enabled INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN mfa_preferred INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE pools ADD COLUMN secret BLOB NOT NULL DEFAULT x''",
    BY_ENABLED,
    "ALTER TABLE outbox ADD COLUMN user_id INTEGER REFERENCES users ON DELETE CASCADE",
    (
        "UPDATE outbox SET user_id = (SELECT id FROM users WHERE users.pool_id = outbox.pool_id AND"
        " users.name_key = outbox.name_key)"
    ),
    OF_USER,
]


_TO_3 = [
    "DROP TABLE sessions",
    *SESSIONS.split(";\n"),
    "ALTER TABLE sign_ins ADD COLUMN totp_offered TEXT",
]
_TO_3 = [
    *GROUPS.split(";\n"),
    "ALTER TABLE users ADD COLUMN failed_factors INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN last_failed_factor REAL NOT NULL DEFAULT 0",
    "ALTER TABLE users DROP COLUMN totp_offered",
]


_TO_4 = [
    # Sessions last some minutes, so they're dropped.
    "DROP TABLE sessions",
    *SESSIONS.split(";\n"),
    *PASSKEYS.split(";\n"),
    "ALTER TABLE outbox ADD COLUMN medium TEXT NOT NULL DEFAULT 'EMAIL'",
    "ALTER TABLE pools ADD COLUMN mfa_config TEXT NOT NULL DEFAULT '{}'",
    """UPDATE pools SET mfa_config = '{"SoftwareTokenMfaConfiguration": {"Enabled": true}}'"""
    " WHERE totp",
    "ALTER TABLE pools DROP COLUMN totp",
    "ALTER TABLE users ADD COLUMN has_password INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE users ADD COLUMN mfa_factors TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE users ADD COLUMN mfa_preference TEXT",
    "ALTER TABLE users ADD COLUMN mfa_automatic TEXT",
    "UPDATE users SET mfa_factors = 'SOFTWARE_TOKEN_MFA' WHERE mfa_enabled",
    "UPDATE users SET mfa_preference = 'SOFTWARE_TOKEN_MFA' WHERE mfa_preferred",
    "ALTER TABLE users DROP COLUMN mfa_enabled",
    "ALTER TABLE users DROP COLUMN mfa_preferred",
]


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Bring the tables of version `version` up to this one."""
    if version < 2:
        for statement in _TO_2:
            connection.execute(statement)
        for (pool_id,) in connection.execute("SELECT id FROM pools").fetchall():
            connection.execute(
                "UPDATE pools SET secret = ? WHERE id = ?", (secrets.token_bytes(32), pool_id)
            )
    if version == 2:
        connection.execute("ALTER TABLE sign_ins ADD COLUMN totp_offered TEXT")
    if version < 3:
        for statement in _TO_3:
            connection.execute(statement)
    if version < 4:
        for statement in _TO_4:
            connection.execute(statement)
