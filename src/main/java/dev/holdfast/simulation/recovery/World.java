package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Keeper;
import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.agent.postgres.Place;
import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.simulation.Diary;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Everything there is in one simulation: three hosts, the recovery log their agents carry, writers, an operator. */
final class World {

    static final List<String> NAMES = List.of("a", "b", "c");

    /** Unless a fault changes it. */
    static final int LEASE_MILLIS = 2_000;

    /** One world in so many has data of an earlier life, and voters that lost theirs. */
    private static final int ANEW_EVERY = 20;

    private static final long LAST_USED_TERM = 40;

    final Scheduler scheduler = new Scheduler();
    final Diary diary = new Diary(scheduler);
    final Dice dice;
    final Links links;
    final Witness witness;
    final RecoveryLog log;
    final List<Host> hosts = new ArrayList<>();
    final List<Writer> writers = new ArrayList<>();
    final ModelOutbox operator;

    private final KeeperRules rules;
    private final boolean anew;

    World(long seed, Supplier<? extends Machine> machines, KeeperRules rules) {
        this.rules = rules;
        this.anew = seed % ANEW_EVERY == 0;
        this.dice = new Dice(seed);
        this.links = new Links(scheduler, dice.split());
        this.witness = new Witness(scheduler);
        for (String name : NAMES) {
            hosts.add(new Host(name, scheduler, dice.split(), links, witness));
        }
        clonesCost(
                dice.chance(0.5) ? dice.between(20, 200) : dice.between(200, 1_500), dice.chance(0.5) ? 3_000 : 9_000);
        witness.watch(hosts);
        this.log = new RecoveryLog(scheduler, dice.split(), diary, links, hosts, machines, witness);
        ModelProcess person = new ModelProcess(scheduler, dice.split());
        person.start();
        this.operator = new ModelOutbox(Links.OUTSIDE, log, person);
        writers.add(new Writer(scheduler, dice.split(), links, log, hosts, false));
        writers.add(new Writer(scheduler, dice.split(), links, log, hosts, true));
    }

    void begin() {
        if (anew) {
            // Each has a past, of which the machine knows nothing.
            for (Host host : hosts) {
                host.instance.hasData = true;
                host.begins(LAST_USED_TERM - hosts.indexOf(host));
                host.cloned(LAST_USED_TERM - hosts.indexOf(host));
            }
        } else {
            hosts.getFirst().instance.hasData = true;
        }
        hosts.forEach(this::boot);
        log.begin();
        if (anew) {
            operator.send(
                    new RecoveryCommand.BeginAnew(LAST_USED_TERM, "operator", "the voters' disks are lost"), _ -> {});
        }
        configure(LEASE_MILLIS, "the first start");
        writers.forEach(Writer::begin);
    }

    void configure(int leaseMillis, String reason) {
        operator.send(
                new RecoveryCommand.Configure(
                        String.join(",", NAMES),
                        NAMES.getFirst(),
                        leaseMillis,
                        leaseMillis / 5,
                        300,
                        30_000,
                        10_000,
                        1_000,
                        1_500,
                        10_000,
                        5_000,
                        "operator",
                        reason),
                _ -> {});
    }

    /** Sets the most by which one clone lengthens a flush of its source, and the longest time of a clone. */
    void clonesCost(long flushMillis, long slowestCloneMillis) {
        for (Host host : hosts) {
            host.disk.cloneCostMillis = flushMillis;
            host.slowestCloneMillis = slowestCloneMillis;
        }
    }

    Host host(String name) {
        return hosts.get(NAMES.indexOf(name));
    }

    void runFor(long nanos) {
        scheduler.runUntil(scheduler.nowNanos() + nanos);
    }

    void boot(Host host) {
        host.up = true;
        startAgent(host);
    }

    void startAgent(Host host) {
        host.agentProcess.start();
        ModelOutbox outbox = new ModelOutbox(host.name, log, host.agentProcess);
        Dice own = dice.split();
        Place place = new Place(
                host.name,
                own.positive(Long.MAX_VALUE),
                new ModelTimer(scheduler, host.agentProcess),
                new KeptInstance(host, scheduler, own, links, this::host),
                host.fencer,
                host,
                outbox,
                new RecoveryPicture(),
                rules,
                () -> (int) (host.wallOffsetNanos / 1_000_000),
                line -> diary.note(() -> host.name + " " + line));
        new KeeperDriver(host, log, new Keeper(place)).start();
    }

    /** The agent dies; the fencer reads the end of its pipe; the host starts another agent. */
    void killAgent(Host host, long backAfterNanos) {
        host.agentProcess.kill();
        host.fencer.pipeClosed();
        scheduler.after(backAfterNanos, () -> {
            if (host.up && !host.agentProcess.isAlive()) {
                startAgent(host);
            }
        });
    }

    void crash(Host host, long backAfterNanos) {
        host.up = false;
        host.agentProcess.kill();
        host.fencer.process.kill();
        host.instance.killAll(true);
        scheduler.after(backAfterNanos, () -> {
            if (!host.up) {
                boot(host);
            }
        });
    }

    void freeze(Host host) {
        host.agentProcess.freeze();
        host.fencer.process.freeze();
        host.instance.postmaster.freeze();
        host.instance.backends.freeze();
    }

    void thaw(Host host) {
        host.agentProcess.thaw();
        host.fencer.process.thaw();
        host.instance.postmaster.thaw();
        host.instance.backends.thaw();
    }
}
