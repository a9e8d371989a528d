//! Who is on the other end of a connection, by the kernel's word (SO_PEERCRED).

use std::os::unix::net::UnixStream;

/// Whether the peer is the same user as this process, or root.
pub(super) fn is_allowed(stream: &UnixStream) -> bool {
    let Ok(peer) = rustix::net::sockopt::socket_peercred(stream) else { return false };
    peer.uid.is_root() || peer.uid == rustix::process::geteuid()
}
