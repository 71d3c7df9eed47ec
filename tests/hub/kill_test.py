# SPDX-License-Identifier: Apache-2.0
"""The hub is killed again and again under load, at random moments: what it acknowledged is there, once, in its order, and its peers are whole again.

KILLS and SEED in the environment: how often (50), and which moments. Also `./dev bench journal`."""
import os
import random
import statistics
import subprocess
import threading
import time
import unittest

from wall_of_one import BUILD, DEADLINE, Peer, Wall, event, until

PUBLISHERS, WINDOW, CLIENTS = 3, 60, 6


class Publisher(Peer):
    """Numbers its durable events, has some on their way at all times, and resends with the same id what was not acknowledged."""

    def __init__(self, wall, name):
        super().__init__(wall, name)
        self.number, self.open, self.acknowledged = 0, {}, {}

    def work(self):
        self.drain()
        while len(self.open) < WINDOW:
            self.send_one(self.number)
            self.number += 1

    def drain(self):
        """Takes in what was answered, and sends again what was refused: nothing new."""
        self.take_in(0)
        for reply in list(self.replies):
            body = self.replies.pop(reply)
            number = self.open.pop(reply, None)
            if number is None:
                continue
            if body["ok"]:
                self.acknowledged[number] = body["sequence"]
            else:
                self.send_one(number)  # refused: not kept, or nobody knows

    def send_one(self, number):
        id_ = self.start("publish", lane="durable", event=event("x.kill", self.name, number, "%s-%d" % (self.name, number)))
        self.open[id_] = number
        self.send("publish", event=event("x.level", self.name, number))

    def again(self):
        """After a death: greets, and sends again what was not acknowledged, in its order."""
        waiting = sorted(self.open.values())
        self.forget()
        self.open = {}
        self.hello()
        for number in waiting:
            self.send_one(number)


class Follower(Peer):
    """Has every durable event from the beginning, over all deaths."""

    def __init__(self, wall):
        super().__init__(wall, "follower")
        self.got, self.last = [], 0

    def work(self):
        self.take_in(0)
        for delivery in self.deliveries:
            if delivery["lane"] == 1 and delivery["sequence"] > self.last:
                self.last = delivery["sequence"]
                self.got.append((self.last, delivery["event"]["subject"], delivery["event"]["data"]))
        if self.deliveries:
            self.send("credit", to=self.deliveries[-1]["n"] + 2000)
            self.deliveries.clear()

    def again(self):
        self.forget()
        self.hello()
        # From the last whole one: a sequence of ours is one event.
        reply = self.ask("subscribe", prefixes=["x.kill/"], since=self.last, to=2000, **{"from": "sequence"})
        assert reply["ok"], reply


class Clients:
    """Clients of ours (tests/bench/kill_clients) in a process of their own, which find out by themselves that the hub is another one."""

    def __init__(self, wall):
        self.process = subprocess.Popen([BUILD / "tests/kill_clients", wall.endpoint, str(CLIENTS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.whole, self.faults, self.count = [0.0] * CLIENTS, [], 0
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "whole":
                which, when_ns = rest.split()
                self.whole[int(which)] = int(when_ns) / 1e9
            elif word == "fault":
                self.faults.append(rest)
            else:
                self.count = int(rest)

    def whole_since(self, when):
        """When the last of them was, if all have been since."""
        return max(self.whole) if min(self.whole) > when else None

    def finish(self):
        self.process.stdin.close()
        self.reader.join(2 * DEADLINE)
        if self.process.wait(DEADLINE) != 0 or not self.count:
            self.faults.append("the clients ended with code %s after %d events" % (self.process.returncode, self.count))

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        self.process.stdin.close()


class Load:
    """Peers that work on one hub; `kill()` ends it at a random moment and brings another."""

    def __init__(self, wall, chance):
        self.wall, self.chance, self.whole_ms, self.clients_ms = wall, chance, [], []
        self.clients = Clients(wall)
        self.publishers = [Publisher(wall, "feed-%d" % i) for i in range(PUBLISHERS)]
        self.follower = Follower(wall)
        self.peers = [*self.publishers, self.follower]
        for peer in self.peers:
            peer.again()
        self.work_until("our clients", lambda: self.clients.whole_since(0))

    def work_until(self, what, condition):
        def look():
            for peer in self.peers:
                peer.work()
            return condition()
        return until(what, look)

    def count(self):
        return sum(len(p.acknowledged) for p in self.publishers)

    def kill(self):
        had, more = self.count(), self.chance.randrange(1, 400)
        self.work_until("some acknowledgements", lambda: self.count() >= had + more)
        self.wall.kill()
        killed = time.monotonic()
        self.wall.start()
        for peer in self.peers:
            peer.again()
        before = [len(p.acknowledged) for p in self.publishers]
        got = len(self.follower.got)
        self.work_until("all to be whole again", lambda: all(len(p.acknowledged) > n for p, n in zip(self.publishers, before)) and len(self.follower.got) > got)
        self.whole_ms.append((time.monotonic() - killed) * 1000)
        self.clients_ms.append((self.work_until("our clients to be whole again", lambda: self.clients.whole_since(killed)) - killed) * 1000)

    def finish(self):
        """Until everything that was sent is acknowledged and delivered."""
        for publisher in self.publishers:
            publisher.work = publisher.drain
        self.work_until("the rest", lambda: not any(p.open for p in self.publishers))
        last = max(max(p.acknowledged.values()) for p in self.publishers)
        self.work_until("the last delivery", lambda: self.follower.last >= last)
        self.clients.finish()

    def close(self):
        self.clients.close()
        for peer in self.peers:
            peer.close()


def kept(peer):
    """(sequence, subject, number) of every event in the journal."""
    found, since, more = [], 0, True
    while more:
        page = peer.ask("events", type="x.kill", since=since, limit=1000)
        assert page["ok"], page
        found += [(int(e["sequence"]), e["subject"], e["data"]) for e in page["events"]]
        since, more = page["next"], page["more"]
    return found


def faults(load):
    """Sentences about what is not as it was promised; none: all is well."""
    load.finish()
    journal = kept(load.follower)
    wrong = []
    by_number = {}
    for sequence, subject, number in journal:
        if (subject, number) in by_number:
            wrong.append("%s %d is there twice: %d and %d" % (subject, number, by_number[subject, number], sequence))
        by_number[subject, number] = sequence
    for publisher in load.publishers:
        for number, sequence in publisher.acknowledged.items():
            found = by_number.get((publisher.name, number))
            if found != sequence:
                wrong.append("%s %d was acknowledged as %d and is kept as %s" % (publisher.name, number, sequence, found))
        if len(publisher.acknowledged) != publisher.number:
            wrong.append("%s sent %d and has %d acknowledged" % (publisher.name, publisher.number, len(publisher.acknowledged)))
    sequences = [sequence for sequence, _, _ in journal]
    if sequences != sorted(set(sequences)):
        wrong.append("the journal is not in the order of its sequences")
    if load.follower.got != journal:
        wrong.append("the follower has %d events, the journal %d, and they differ" % (len(load.follower.got), len(journal)))
    return wrong + load.clients.faults


def run(kills, seed, prepare=None, between=None):
    """(faults, the load). `prepare`: of the wall, before it starts; `between`: before each kill."""
    wall = Wall()
    try:
        if prepare:
            prepare(wall)
        wall.start()
        chance = random.Random(seed)
        load = Load(wall, chance)
        try:
            for n in range(kills):
                if between:
                    between(wall, n)
                load.kill()
            if between:
                between(wall, None)
            return faults(load), load
        finally:
            load.close()
    finally:
        wall.close()


class KillTest(unittest.TestCase):
    def test_nothing_acknowledged_is_lost_or_doubled(self):
        kills, seed = int(os.environ.get("KILLS", "50")), int(os.environ.get("SEED", "1"))
        wrong, load = run(kills, seed)
        for who, ms in (("peers", load.whole_ms), ("clients of ours", load.clients_ms)):
            print("%d kills; %s whole again after %.0f ms (median), %.0f ms (most)" % (kills, who, statistics.median(ms), max(ms)))
        self.assertEqual(wrong, [])
        self.assertGreater(load.count(), kills)
        self.assertGreater(load.clients.count, kills)


if __name__ == "__main__":
    unittest.main()
