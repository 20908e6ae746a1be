//! What people read of a shape.

use super::Shape;

impl Shape {
    /// Its name, as it is chosen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Ten => "ten",
            Self::Hot => "hot",
            Self::Zipf => "zipf",
            Self::Retry => "retry",
            Self::Reader => "reader",
            Self::Open => "open",
            Self::Device => "device",
            Self::DeviceLoad => "device-load",
            Self::Snapshot => "snapshot",
            Self::Idle => "idle",
            Self::Subscribers => "subscribers",
            Self::Restart => "restart",
        }
    }

    /// Its heading in the report.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Single => "One command, one transaction, a space for each connection",
            Self::Ten => "Ten commands in a transaction",
            Self::Hot => "One hot space",
            Self::Zipf => "Spaces by Zipf's law",
            Self::Retry => "A storm of retries",
            Self::Reader => "With a snapshot of the database held open",
            Self::Open => "Open loop: commands at a fixed rate",
            Self::Device => "From device to device",
            Self::DeviceLoad => "From device to device beside 2 000 commands a second",
            Self::Snapshot => "A whole space, read",
            Self::Idle => "Idle live connections",
            Self::Subscribers => "Many live connections of one space",
            Self::Restart => "A restart under live connections",
        }
    }

    /// How it is done, and what in it is not alike for all.
    #[must_use]
    pub fn note(self) -> &'static str {
        match self {
            Self::Single => {
                "Closed loop: the next command after the answer. By turns a task is created and completed. Bare SQL commits \
                 each command by itself; its time is pgbench's mean, and the seconds in which its clients plan their statements are not \
                 counted (but the processor time of that is)."
            }
            Self::Ten => {
                "Closed loop, five creations and five completions by turns, one receipt. Bare SQL sends its ten statements in \
                 one flight between BEGIN and COMMIT, which spares it nine round trips; it writes the head ten times where this \
                 server writes it once. The servers of node run ten commands one after the other in one transaction."
            }
            Self::Hot => {
                "Closed loop, all connections on one space, another one each round. This server: 20 devices, as many as an \
                 account may have, with several connections of each where there are more. Bare SQL: all clients update the row of \
                 one head, and wait for each other's commit."
            }
            Self::Zipf => {
                "Closed loop; up to 64 spaces have connections in proportion to 1/rank, the first about a fifth of them."
            }
            Self::Retry => {
                "Closed loop; each transaction is sent again twice after its answer, as clients do that lost it. The rate counts \
                 answers; stored is each once. Only this server keeps receipts."
            }
            Self::Reader => {
                "As one command, one transaction, while another connection holds a snapshot of the target's database open \
                 (REPEATABLE READ), so that no dead row can be cleared away."
            }
            Self::Open => {
                "64 connections send so many commands a second together, evenly, whatever the answers do; the latency counts \
                 from the moment that a command was due, as exact as a timer of a millisecond. A target that cannot keep up \
                 is given the same commands and takes longer."
            }
            _ => self.note_of_reading(),
        }
    }

    /// The same of shapes in which somebody reads or listens.
    fn note_of_reading(self) -> &'static str {
        match self {
            Self::Device => {
                "Device A writes one command at a time by HTTP (this server: also by its WebSocket), the next after it has \
                 arrived; device B of the same person listens. One clock. The servers of node tell a room of socket.io and keep \
                 no log: a device that was away cannot ask what it missed. Zero's clients write by its own mutators; a command is there \
                 when the other's view shows it."
            }
            Self::DeviceLoad => {
                "The same while 64 devices on spaces of their own write 2 000 commands a second in open loop. The generator \
                 works in the same process and on the same cores."
            }
            Self::Snapshot => {
                "`GET /api/v2/snapshot` in JSON, pages of 1 000 rows over one connection; beside it COPY of the same rows, as \
                 text, table after table. Whoever reads looks for the ends of rows only."
            }
            Self::Idle => {
                "Connections that have subscribed to their space and caught up, each account with 20 devices of 8 connections, \
                 on a process of its own; resident memory of the server, after less before, by their number. Beside them 16 \
                 devices write 100 commands a second. The kernel's own memory for sockets is not counted. Few spaces, so the ring \
                 of a space is shared by 160."
            }
            Self::Subscribers => {
                "All connections are of one account, spread over its 20 devices. As the server comes, a device may have 8 and so \
                 a space 160; for more than that its limits are raised (`LEVELUP_DEVICE_FEEDS`, `LEVELUP_ACCOUNT_FEEDS`). One \
                 command after the other; from sending to its arrival at each, and at the last."
            }
            Self::Restart => {
                "The server is asked to stop and started again at the same address while devices write 200 commands a second; \
                 who is cut off comes back as the server's notice says (at once where it said nothing), and a command without \
                 an answer is sent again. Latency from the moment a command was due, the time without a server included."
            }
            _ => "",
        }
    }
}
