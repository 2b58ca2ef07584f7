package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.simulation.Dice;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What goes wrong, one thing after another and some at once, until it is lifted. */
final class Faults {

    /** What can go wrong, and how often. */
    enum Kind {
        HOST_CRASH(6),
        HOST_GONE_LONG(1),
        HOST_FREEZE(6),
        AGENT_KILL(5),
        AGENT_FREEZE(5),
        FENCER_KILL(3),
        FENCER_FREEZE(3),
        POSTMASTER_KILL(6),
        POSTMASTER_FREEZE(4),
        BACKENDS_FREEZE(4),
        ALL_KILLED(5),
        PARTITION(6),
        PARTITION_IN(3),
        PARTITION_OUT(3),
        LINK_CUT(5),
        LATE_MESSAGES(3),
        LOST_MESSAGES(3),
        LEFT_BEHIND(2),
        SLOW_DISK(4),
        SETTINGS_CHANGED(4),
        PROOF_BLOCKED(4),
        PAGE_DAMAGED(1),
        CLOCK_SET(4),
        LEADER_CHANGE(5),
        MEMBER_RESTART(2),
        LEASE_CHANGE(2),
        FAILOVER(4),
        FAILOVER_WITH_LOSS(1),
        SWITCHOVER(5),
        PAUSE(2),
        COPY_LOST(2),
        BOTH_COPIES_LOST(2);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    private static final double BAD_MOMENT = 0.06;
    private static final double LASTS_LONG = 0.04;
    private static final double PROMOTION_HANGS = 0.02;
    private static final double IMPATIENT = 0.3;

    private static final List<Kind> BAD_MOMENTS = List.of(
            Kind.ALL_KILLED,
            Kind.HOST_CRASH,
            Kind.HOST_FREEZE,
            Kind.AGENT_KILL,
            Kind.AGENT_FREEZE,
            Kind.PARTITION,
            Kind.LATE_MESSAGES,
            Kind.LEFT_BEHIND,
            Kind.FAILOVER_WITH_LOSS);

    private final World world;
    private final Dice dice;
    private final Map<String, Integer> injected = new TreeMap<>();
    private boolean on;
    private int pauses;
    private long clockNanos;

    Faults(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    Map<String, Integer> injected() {
        return injected;
    }

    void begin() {
        on = true;
        world.witness.listen(this::decided);
        later();
    }

    private void later() {
        // Often alone, sometimes right after another.
        long pause = dice.chance(0.25) ? dice.millis(10, 600) : dice.millis(1_500, 9_000);
        world.scheduler.after(pause, () -> {
            if (on) {
                inject(kind(), target());
                later();
            }
        });
    }

    private Kind kind() {
        int total = 0;
        for (Kind kind : Kind.values()) {
            total += kind.weight;
        }
        int drawn = dice.between(1, total);
        for (Kind kind : Kind.values()) {
            drawn -= kind.weight;
            if (drawn <= 0) {
                return kind;
            }
        }
        throw new IllegalStateException("weights do not add up");
    }

    /** The primary's host more often than another. */
    private Host target() {
        for (Host host : world.hosts) {
            if (host.instance.isPrimary() && dice.chance(0.4)) {
                return host;
            }
        }
        return dice.any(world.hosts);
    }

    private long duration() {
        if (dice.chance(LASTS_LONG)) {
            return dice.millis(10_500, 14_000); // longer than a promotion may take
        }
        return dice.chance(0.4) ? dice.millis(50, 1_500) : dice.millis(1_500, 9_000);
    }

    private void lasts(long nanos, Runnable lift) {
        world.scheduler.after(nanos, lift);
    }

    /** Whoever is to carry out a decision is hit while he does. */
    private void decided(RecoveryEvent event) {
        String host = switch (event) {
            case RecoveryEvent.NamesOrdered e -> e.host();
            case RecoveryEvent.PromotionDecided e -> e.host();
            case RecoveryEvent.PrimaryRouted e -> e.host();
            case RecoveryEvent.EligibleChanged e -> e.standby();
            case RecoveryEvent.ReplicaChanged e -> e.host();
            case RecoveryEvent.SwitchoverChanged e -> e.from();
            default -> "";
        };
        if (on && event instanceof RecoveryEvent.PromotionDecided && dice.chance(PROMOTION_HANGS)) {
            world.scheduler.after(dice.millis(0, 600), () -> hang(world.host(host)));
        }
        if (on && !host.isEmpty() && dice.chance(BAD_MOMENT)) {
            Kind kind = dice.any(BAD_MOMENTS);
            world.scheduler.after(dice.millis(0, 300), () -> {
                if (on) {
                    inject(kind, world.host(host));
                }
            });
        }
    }

    /** For longer than a promotion may take. */
    private void hang(Host host) {
        if (on) {
            injected.merge(Kind.BACKENDS_FREEZE.name(), 1, Integer::sum);
            freeze(host.instance.backends, dice.millis(11_000, 14_000));
        }
    }

    private void inject(Kind kind, Host host) {
        long nanos = duration();
        injected.merge(kind.name(), 1, Integer::sum);
        world.diary.note(() -> "fault " + kind + " at " + host.name + " for " + nanos / 1_000_000 + " ms");
        switch (kind) {
            case HOST_CRASH -> world.crash(host, nanos);
            case HOST_GONE_LONG -> world.crash(host, dice.millis(33_000, 45_000));
            case HOST_FREEZE -> {
                world.freeze(host);
                lasts(nanos, () -> world.thaw(host));
            }
            case AGENT_KILL -> world.killAgent(host, dice.millis(200, 1_500));
            case AGENT_FREEZE -> {
                freeze(host.agentProcess, nanos);
                if (host.instance.isPrimary() && dice.chance(0.3)) {
                    hangsOn(host);
                }
            }
            case FENCER_KILL -> host.fencer.process.kill();
            case FENCER_FREEZE -> freeze(host.fencer.process, nanos);
            case POSTMASTER_KILL -> host.instance.postmaster.kill();
            case POSTMASTER_FREEZE -> freeze(host.instance.postmaster, nanos);
            case BACKENDS_FREEZE -> freeze(host.instance.backends, nanos);
            case ALL_KILLED -> host.instance.killAll(false);
            case PARTITION, PARTITION_IN, PARTITION_OUT -> partition(kind, host, nanos);
            case LINK_CUT -> {
                String other = dice.any(World.NAMES);
                world.links.cut(host.name, other);
                world.links.cut(other, host.name);
                lasts(nanos, () -> {
                    world.links.mend(host.name, other);
                    world.links.mend(other, host.name);
                });
            }
            case LATE_MESSAGES -> {
                world.links.late(host.name, dice.between(20, 3_000));
                lasts(nanos, () -> world.links.heal(host.name));
            }
            case LOST_MESSAGES -> {
                world.links.lossy(host.name);
                lasts(nanos, () -> world.links.heal(host.name));
            }
            case LEFT_BEHIND -> {
                // It learns of its appointment when somebody else has been appointed.
                world.links.behind(host.name, dice.between(3_000, 7_000));
                lasts(dice.millis(8_000, 12_000), () -> world.links.heal(host.name));
                order(new RecoveryCommand.OrderFailover(other(host), true, "operator", "it takes too long"));
            }
            case SLOW_DISK -> {
                host.disk.slow(dice.between(20, 2_500));
                lasts(nanos, host.disk::heal);
            }
            case SETTINGS_CHANGED -> host.instance.tamper();
            case PROOF_BLOCKED -> {
                host.instance.block();
                lasts(nanos, host.instance::unblock);
            }
            case PAGE_DAMAGED -> host.instance.checksumFailures++;
            case CLOCK_SET -> {
                // One step within a lease is what the margin is for.
                if (world.scheduler.nowNanos() - clockNanos > 3_000_000_000L) {
                    clockNanos = world.scheduler.nowNanos();
                    long offset = dice.millis(20, dice.chance(0.5) ? 400 : 30_000);
                    world.log.setWallOffset(host, dice.chance(0.5) ? offset : -offset);
                }
            }
            case LEADER_CHANGE -> world.log.elect();
            case MEMBER_RESTART -> world.log.restartMachine();
            case LEASE_CHANGE -> world.configure(dice.between(1_000, 5_000), "another file");
            case FAILOVER, FAILOVER_WITH_LOSS -> {
                String to = dice.chance(0.5) ? "" : dice.any(World.NAMES);
                order(new RecoveryCommand.OrderFailover(to, kind == Kind.FAILOVER_WITH_LOSS, "operator", "a drill"));
            }
            case SWITCHOVER -> {
                String to = dice.chance(0.4) ? "" : dice.any(World.NAMES);
                order(new RecoveryCommand.OrderSwitchover(to, "operator", "a drill"));
                if (dice.chance(IMPATIENT)) {
                    lasts(
                            dice.millis(300, 4_000),
                            () -> order(new RecoveryCommand.OrderFailover("", false, "operator", "it takes too long")));
                }
            }
            case COPY_LOST -> lose(host);
            case BOTH_COPIES_LOST -> world.hosts.forEach(this::lose);
            case PAUSE -> {
                order(new RecoveryCommand.PauseAutomation(true, "operator", "maintenance"));
                int pause = ++pauses;
                lasts(nanos, () -> {
                    if (pause == pauses) {
                        resume();
                    }
                });
            }
        }
    }

    /** Its data directory, unless it is the primary's or becomes that. Without a primary it might be the last one. */
    private void lose(Host host) {
        if (world.hosts.stream().anyMatch(each -> each.instance.isPrimary())
                && host.instance.hasData
                && !host.instance.isPrimary()
                && !host.instance.promoting
                && !world.witness.holder().equals(host.name)) {
            host.instance.loseData();
        }
    }

    /** A person sees it hang and wants another, who is hard to hear. */
    private void hangsOn(Host host) {
        String wanted = other(host);
        world.links.lossy(wanted);
        lasts(dice.millis(2_500, 4_000), () -> world.links.heal(wanted));
        lasts(
                dice.millis(900, 1_300),
                () -> order(new RecoveryCommand.OrderSwitchover(wanted, "operator", host.name + " hangs")));
    }

    private String other(Host host) {
        String first = dice.any(World.NAMES);
        return first.equals(host.name) ? World.NAMES.get((World.NAMES.indexOf(first) + 1) % 3) : first;
    }

    private void order(RecoveryCommand command) {
        world.operator.send(command, _ -> {});
    }

    private void resume() {
        order(new RecoveryCommand.PauseAutomation(false, "operator", "maintenance is over"));
    }

    private void freeze(ModelProcess process, long nanos) {
        process.freeze();
        lasts(nanos, process::thaw);
    }

    private void partition(Kind kind, Host host, long nanos) {
        List<String> others = dice.chance(0.5) ? World.NAMES : List.of("a", "b", "c", Links.OUTSIDE);
        for (String other : others) {
            if (!other.equals(host.name)) {
                if (kind != Kind.PARTITION_OUT) {
                    world.links.cut(other, host.name);
                }
                if (kind != Kind.PARTITION_IN) {
                    world.links.cut(host.name, other);
                }
            }
        }
        lasts(nanos, () -> {
            for (String other : others) {
                world.links.mend(other, host.name);
                world.links.mend(host.name, other);
            }
        });
    }

    /** Everything is as it should be, but for what the system has to mend itself. */
    void lift() {
        on = false;
        world.diary.note(() -> "every fault is lifted");
        world.links.healAll();
        for (Host host : world.hosts) {
            host.disk.heal();
            host.clonesBreak = 0;
            world.thaw(host);
            if (!host.up) {
                world.boot(host);
            } else if (!host.agentProcess.isAlive()) {
                world.startAgent(host);
            }
        }
        pauses++;
        resume();
        world.configure(World.LEASE_MILLIS, "the first file again");
    }
}
