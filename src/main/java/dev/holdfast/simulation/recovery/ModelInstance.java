package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Instance.Standby;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as far as fail-over goes: WAL as a list of records (an LSN is how many), timelines, streaming, commits that wait for
 * the named standby. The postmaster and the backends die and freeze apart; walsenders and the walreceiver are backends.
 */
final class ModelInstance {

    private static final long CONNECTED_NANOS = 1_000_000_000L;

    /** How often a walsender is busy when the configuration changes. */
    private static final double LATE_READER = 0.3;

    /** One record; equal serials mean the same record. Row 0 is no writer's. */
    record WalRecord(long serial, long row) {}

    /** A commit that waits. */
    private record Waiting(WalRecord wal, int lsn, boolean needsStandby, LongConsumer done) {}

    final String host;
    final ModelProcess postmaster;
    final ModelProcess backends;
    private final Scheduler scheduler;
    private final Dice dice;
    private final Links links;
    private final Witness witness;
    private final Disk disk;

    List<WalRecord> wal = new ArrayList<>();
    int flushed;
    int timeline = 1;
    int forkLsn;
    boolean hasData;

    InstanceRole role = InstanceRole.NONE;
    long term;
    String names = "";
    long namesNumber;
    boolean stopping;
    boolean promoting;

    /** Pages found damaged; goes with the data directory. */
    long checksumFailures;

    /** Whether the names in force are not those that were ordered. */
    private boolean tampered;

    private long tamperedNanos;

    private String ordered = "";

    /** From a change behind the keeper's back until commits wait again. */
    private boolean exposed;

    /** Whether a session holds what every new connection must have. */
    private boolean blocked;

    private final List<Runnable> blockedWork = new ArrayList<>();

    @Nullable
    ModelInstance upstream;

    long followedTerm;
    boolean diverged;
    private boolean pulling;
    private long takenNanos;

    /** Counts how often the WAL's end was cut off: a flush that was under way then is of no WAL any more. */
    private int cuts;

    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<String, Integer> standbyFlushed = new TreeMap<>();
    private final Map<String, Long> standbyHeardNanos = new TreeMap<>();

    /** The names as each standby's walsender has read them: each reads the configuration when it comes to it. */
    private final Map<String, String> walsenderNames = new TreeMap<>();

    /** Whether commits wait at all: set by the checkpointer. */
    private boolean waits;

    ModelInstance(String host, Scheduler scheduler, Dice dice, Links links, Witness witness, Disk disk) {
        this.host = host;
        this.scheduler = scheduler;
        this.dice = dice;
        this.links = links;
        this.witness = witness;
        this.disk = disk;
        this.postmaster = new ModelProcess(scheduler, dice);
        this.backends = new ModelProcess(scheduler, dice);
    }

    /** No process has its data directory as working directory. */
    boolean clean() {
        return !postmaster.isAlive() && !backends.isAlive();
    }

    boolean isPrimary() {
        return role == InstanceRole.PRIMARY && backends.isAlive();
    }

    boolean acceptsConnections() {
        return postmaster.runs() && backends.runs() && !stopping;
    }

    // Life

    void startStandby() {
        postmaster.start();
        backends.start();
        role = InstanceRole.STANDBY;
        followedTerm = 0;
        upstream = null;
        diverged = false;
        stopping = false;
        promoting = false;
        pulling = false;
        poll();
    }

    /** SIGKILL to everything in the data directory. What was written survives a process, and not always a host. */
    void killAll(boolean hostLost) {
        if (clean()) {
            return;
        }
        postmaster.kill();
        backends.kill();
        waiting.clear();
        if (hostLost || dice.chance(0.5)) {
            cut();
        }
        flushed = wal.size();
        standbyFlushed.clear();
        standbyHeardNanos.clear();
        walsenderNames.clear();
        role = InstanceRole.NONE;
        tampered = false;
        exposed = false;
        blocked = false;
        blockedWork.clear();
        promoting = false;
        stopping = false;
        followedTerm = 0;
        upstream = null;
    }

    private void cut() {
        wal = new ArrayList<>(wal.subList(0, flushed));
        cuts++;
    }

    /** The data directory becomes a copy of the source's. */
    void cloneFrom(ModelInstance source) {
        wal = new ArrayList<>(source.wal.subList(0, source.flushed));
        cuts++;
        flushed = wal.size();
        timeline = source.timeline;
        checksumFailures = source.checksumFailures;
        hasData = true;
    }

    /** Everything in the data directory is deleted while the server runs, which then dies of it. */
    void loseData() {
        killAll(false);
        wal = new ArrayList<>();
        cuts++;
        flushed = 0;
        hasData = false;
    }

    /** Standby to primary of that term: new timeline, the term's row, and only then it is told. */
    void promote(long newTerm, String newNames, long number, LongConsumer done) {
        promoting = true;
        backends.after(dice.millis(50, 150), () -> {
            cut();
            forkLsn = flushed;
            timeline++;
            role = InstanceRole.PRIMARY;
            term = newTerm;
            names = newNames;
            ordered = newNames;
            namesNumber = number;
            waits = !newNames.isEmpty();
            upstream = null;
            followedTerm = 0;
            witness.writable(this);
            commit(0, false, done);
        });
    }

    /** Writes the configuration and signals; the checkpointer and each walsender then read it, in any order. */
    void setNames(String newNames, long number) {
        ordered = newNames;
        namesNumber = number;
        tampered = false;
        putInForce(newNames);
    }

    /** Somebody else has the server wait for nobody. */
    void tamper() {
        if (isPrimary() && !ordered.isEmpty()) {
            tampered = true;
            exposed = true;
            tamperedNanos = scheduler.nowNanos();
            putInForce("");
        }
    }

    boolean tampered() {
        return tampered;
    }

    long tamperedForNanos() {
        return scheduler.nowNanos() - tamperedNanos;
    }

    boolean exposed() {
        return exposed;
    }

    void putRight() {
        putInForce(ordered);
    }

    /** A session takes what every new connection must have; sessions that stand go on. */
    void block() {
        blocked = isPrimary();
    }

    /** That session ends. */
    void unblock() {
        blocked = false;
        List<Runnable> due = List.copyOf(blockedWork);
        blockedWork.clear();
        due.forEach(Runnable::run);
    }

    /** Through a new connection. */
    void connected(Runnable work) {
        if (blocked) {
            blockedWork.add(work);
        } else {
            work.run();
        }
    }

    private void putInForce(String newNames) {
        names = newNames;
        backends.after(dice.millis(1, 10), () -> {
            waits = !names.isEmpty();
            exposed = exposed && !waits && !ordered.isEmpty();
            release();
        });
        for (String standby : List.copyOf(walsenderNames.keySet())) {
            long nanos = dice.chance(LATE_READER) ? dice.millis(100, 3_000) : dice.millis(1, 10);
            backends.after(nanos, () -> walsenderNames.put(standby, names));
        }
    }

    /** Whether pg_stat_replication shows this standby as sync, and commits wait. */
    boolean isSync(String standby) {
        return waits && isNamed(standby);
    }

    private boolean isNamed(String standby) {
        String read = walsenderNames.getOrDefault(standby, "");
        return read.equals("*") || read.contains("pg_" + standby);
    }

    // Commits

    /**
     * Writes a row and commits it.
     *
     * @param needsStandby false for synchronous_commit = local
     * @param done gets the LSN when the commit is acknowledged
     */
    void commit(long row, boolean needsStandby, LongConsumer done) {
        backends.after(dice.micros(50, 200), () -> {
            if (role != InstanceRole.PRIMARY || stopping) {
                return;
            }
            WalRecord added = new WalRecord(witness.nextSerial(), row);
            wal.add(added);
            int lsn = wal.size();
            waiting.add(new Waiting(added, lsn, needsStandby, done));
            flush(lsn, this::release);
        });
    }

    private void flush(int lsn, Runnable then) {
        int before = cuts;
        backends.after(lsn > flushed ? disk.nanos() : 0, () -> {
            if (before == cuts) {
                flushed = Math.max(flushed, lsn);
                then.run();
            }
        });
    }

    private void release() {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting commit = each.next();
            if (commit.lsn <= flushed && (!commit.needsStandby || replicated(commit.lsn))) {
                each.remove();
                if (commit.wal.row() != 0) {
                    witness.acknowledged(this, commit.wal, commit.lsn);
                }
                commit.done.accept(commit.lsn);
            }
        }
    }

    private boolean replicated(int lsn) {
        if (!waits) {
            return true;
        }
        for (Map.Entry<String, Integer> standby : standbyFlushed.entrySet()) {
            if (isNamed(standby.getKey()) && standby.getValue() >= lsn) {
                return true;
            }
        }
        return false;
    }

    /** In what state commits are acknowledged. */
    boolean synchronous() {
        return waits;
    }

    /**
     * The standbys as pg_stat_replication shows them: each walsender by the names that it has read itself.
     *
     * @param connected only those that were heard lately
     */
    List<Standby> standbys(boolean connected) {
        List<Standby> standbys = new ArrayList<>();
        standbyHeardNanos.forEach((standby, nanos) -> {
            if (!connected || scheduler.nowNanos() - nanos < CONNECTED_NANOS) {
                standbys.add(new Standby(
                        standby, isSync(standby), !isNamed(standby), standbyFlushed.getOrDefault(standby, 0)));
            }
        });
        return standbys;
    }

    // Streaming

    private void poll() {
        pull();
        backends.after(dice.millis(10, 40), this::poll);
    }

    /** Takes what the upstream has flushed, if its walsender and our walreceiver run and our WAL is part of its history. */
    private void pull() {
        ModelInstance source = upstream;
        if (role != InstanceRole.STANDBY || promoting || source == null || pulling) {
            return;
        }
        if (!source.isPrimary() || scheduler.nowNanos() - takenNanos > CONNECTED_NANOS) {
            followedTerm = 0;
        }
        if (!source.isPrimary() || !links.connects(host, source.host)) {
            return; // asked again soon
        }
        pulling = true;
        backends.after(dice.micros(150, 900), () -> {
            pulling = false;
            if (upstream == source
                    && !promoting
                    && links.connects(host, source.host)
                    && source.isPrimary()
                    && source.backends.runs()) {
                take(source);
            }
        });
    }

    private void take(ModelInstance source) {
        if (!isPartOf(source)) {
            diverged = true;
            followedTerm = 0;
            return;
        }
        followedTerm = source.term;
        timeline = source.timeline;
        for (int at = wal.size(); at < source.flushed; at++) {
            wal.add(source.wal.get(at));
        }
        int written = wal.size();
        takenNanos = scheduler.nowNanos();
        flush(
                written,
                () -> links.stream(
                        host, source.host, () -> source.backends.after(0, () -> source.heard(host, written))));
    }

    private boolean isPartOf(ModelInstance source) {
        int size = wal.size();
        return size <= source.wal.size()
                && (size == 0
                        || wal.get(size - 1).serial()
                                == source.wal.get(size - 1).serial());
    }

    private void heard(String standby, int lsn) {
        walsenderNames.putIfAbsent(standby, names);
        standbyHeardNanos.put(standby, scheduler.nowNanos());
        standbyFlushed.merge(standby, lsn, Math::max);
        release();
    }

    /** Whether this instance's history has that record at that place. */
    boolean has(WalRecord record, int lsn) {
        return wal.size() >= lsn && wal.get(lsn - 1).serial() == record.serial();
    }
}
