package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that writes a row at a time, keeps its connection while it is answered, and looks for the primary when it is not. */
final class Writer {

    private static final long PAUSE_MILLIS = 60;
    private static final long TIMEOUT_NANOS = 1_000_000_000L;

    private final Scheduler scheduler;
    private final Dice dice;
    private final Links links;
    private final RecoveryLog log;
    private final List<Host> hosts;

    /** Whether it believes any host that says it is a primary, and not only the announced one. */
    private final boolean credulous;

    private @Nullable ModelInstance connected;
    private long rows;
    private long attempt;
    private long answered;

    Writer(Scheduler scheduler, Dice dice, Links links, RecoveryLog log, List<Host> hosts, boolean credulous) {
        this.scheduler = scheduler;
        this.dice = dice;
        this.links = links;
        this.log = log;
        this.hosts = hosts;
        this.credulous = credulous;
        this.rows = credulous ? 1_000_000 : 0;
    }

    long answered() {
        return answered;
    }

    void begin() {
        next();
    }

    private void next() {
        scheduler.after(dice.millis(PAUSE_MILLIS / 2, PAUSE_MILLIS), this::write);
    }

    private void write() {
        ModelInstance instance = connected;
        if (instance == null) {
            instance = connect();
            connected = instance;
        }
        if (instance == null) {
            next();
            return;
        }
        ModelInstance target = instance;
        long mine = ++attempt;
        long row = ++rows;
        links.stream(
                Links.OUTSIDE,
                target.host,
                () -> target.commit(
                        row,
                        true,
                        lsn -> links.stream(target.host, Links.OUTSIDE, () -> {
                            if (mine == attempt) {
                                attempt++;
                                answered++;
                                next();
                            }
                        })));
        scheduler.after(TIMEOUT_NANOS, () -> {
            if (mine == attempt) {
                attempt++;
                connected = null;
                next();
            }
        });
    }

    private @Nullable ModelInstance connect() {
        if (!credulous) {
            String routed = "";
            for (RecoveryLog.Recorded each : log.recorded().reversed()) {
                if (each.event() instanceof RecoveryEvent.PrimaryRouted route) {
                    routed = route.host();
                    break;
                }
            }
            for (Host host : hosts) {
                if (host.name.equals(routed) && answers(host)) {
                    return host.instance;
                }
            }
            return null;
        }
        int first = dice.between(0, hosts.size() - 1);
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get((first + i) % hosts.size());
            if (answers(host)) {
                return host.instance;
            }
        }
        return null;
    }

    private boolean answers(Host host) {
        return links.connects(Links.OUTSIDE, host.name)
                && host.instance.isPrimary()
                && host.instance.acceptsConnections();
    }
}
