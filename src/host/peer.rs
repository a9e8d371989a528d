//! Who is on the other end of a connection, by the kernel's word (SO_PEERCRED): nothing in a message says who sent it.

use std::os::unix::net::UnixStream;

use crate::domain::request::Caller;

/// The caller at the other end, where they are allowed: the same user as this process, or root.
pub(super) fn caller(stream: &UnixStream, own: &Caller) -> Option<Caller> {
    let peer = rustix::net::sockopt::socket_peercred(stream).ok()?;
    let allowed = peer.uid.is_root() || peer.uid == rustix::process::geteuid();
    let uid = peer.uid.as_raw();
    let operator = if uid == own.uid { own.operator.clone() } else { name_of(uid) };
    allowed.then(|| Caller { operator, uid, ..Caller::default() })
}

/// The name of an account; its number where the host's own accounts do not hold it.
fn name_of(uid: u32) -> String {
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    find_account(&accounts, uid).map_or_else(|| format!("uid{uid}"), str::to_owned)
}

fn find_account(accounts: &str, uid: u32) -> Option<&str> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(uid)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_its_number() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\nsato:x:1001:1001::/home/sato:/bin/sh\n\nbroken\n:x:7:\n";
        assert_eq!(find_account(accounts, 1001), Some("sato"));
        assert_eq!([find_account(accounts, 7), find_account(accounts, 10)], [None, None]);
        assert_eq!(name_of(0), "root");
    }
}
