package dev.holdfast.agent;

import dev.holdfast.agent.Caretaker.Decision;
import dev.holdfast.agent.Caretaker.Observation;
import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.runtime.BoundedLogFile;
import dev.holdfast.runtime.Loop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one process of this host running and at work: looks five times a second, decides, acts through the caretaker. */
final class Child implements Attended {

    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    /** The preparation of a server may wait for another host's. */
    private static final Duration LOOP_LIMIT = Duration.ofMinutes(1);

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final int SHOWN_LINES = 5;
    private static final int LOOKS_BETWEEN_TRIMS = 300;

    private final String name;
    private final Caretaker caretaker;
    private final Path logFile;
    private final RestartPolicy policy = new RestartPolicy();
    private final Thread thread;
    private final Watch watch;
    private final Loop loop;
    private final Semaphore wake = new Semaphore(0);

    private boolean wanted = true;
    private boolean closing;
    private boolean restartAsked;
    private State state = State.STARTING;
    private Observation seen = new Observation(false, 0, OptionalInt.empty(), "");
    private @Nullable String failure;
    private int starts;
    private long startedNanos;
    private long nextStartNanos;
    private long deadSinceNanos;
    private long askedToReplaceNanos;

    Child(String name, Caretaker caretaker, Path logFile) {
        this(name, caretaker, logFile, new Liveness());
    }

    Child(String name, Caretaker caretaker, Path logFile, Liveness liveness) {
        this.name = name;
        this.caretaker = caretaker;
        this.logFile = logFile;
        this.thread = Thread.ofPlatform().name("child-" + name).unstarted(this::run);
        this.watch = new Watch(name, caretaker::ask, liveness);
        this.loop = new Loop("child-" + name, LOOP_LIMIT);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        thread.start();
        watch.start();
    }

    /** Turns as long as somebody looks after the process. */
    Loop loop() {
        return loop;
    }

    synchronized void restart() {
        restartAsked = true;
        wanted = true;
        policy.forgive();
        nextStartNanos = System.nanoTime();
        wake.release();
    }

    /** Its ends so far were a drill's doing and say nothing about it: the next one counts as the first. */
    synchronized void forgive() {
        policy.forgive();
    }

    /** Ends it and keeps it stopped until a restart is asked for. */
    synchronized void hold() {
        wanted = false;
        wake.release();
    }

    /** Ends it for good; returns when it is gone. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            wanted = false;
            wake.release();
            if (state == State.STARTING) {
                thread.interrupt(); // Setting a server up may wait for another host's, which is stopping too.
            }
        }
        try {
            thread.join();
            watch.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized ChildStatus status() {
        Observation last = seen;
        String told = failure;
        boolean waits = state == State.WAITING || state == State.CRASH_LOOP;
        long waitMillis = Math.max(0, (nextStartNanos - System.nanoTime()) / 1_000_000);
        return new ChildStatus(
                name,
                state,
                last.running() ? last.pid() : 0,
                Math.max(0, starts - 1),
                last.exitCode().isPresent() ? (Integer) last.exitCode().getAsInt() : null,
                waits ? (Long) (System.currentTimeMillis() + waitMillis) : null,
                told == null ? last.detail() : told,
                BoundedLogFile.tail(logFile, SHOWN_LINES));
    }

    private void run() {
        boolean runs = false;
        int looks = 0;
        try {
            do {
                loop.turned();
                runs = look(runs);
                if (++looks % LOOKS_BETWEEN_TRIMS == 0) {
                    trimLog();
                }
                rest();
            } while (runs || !isClosing());
            state(State.STOPPED);
            loop.ended();
        } catch (InterruptedException interrupted) {
            LOG.warn("child left unattended process={}: interrupted", name);
        }
    }

    private void trimLog() {
        try {
            BoundedLogFile.trim(logFile);
        } catch (IOException fault) {
            // A full disk has no room for the copy. The process needs its attendant more than its log needs a bound.
            LOG.error("log cannot be kept within bounds file={}: {}", logFile, fault.toString());
        }
    }

    /** Looks once and does what is needed now. */
    private boolean look(boolean ranBefore) throws InterruptedException {
        Observation now = caretaker.observe();
        remember(now);
        Optional<String> dead = watch.dead(now.running() ? now.pid() : 0);
        if (now.running()) {
            if (isWanted() && !restartWanted()) {
                runs();
                dead.ifPresentOrElse(this::replace, () -> deadSinceNanos = 0);
                return true;
            }
            stop();
            return false;
        }
        if (ranBefore) {
            ended(now);
        }
        if (!isWanted()) {
            state(State.STOPPED);
            return false;
        }
        Optional<String> halted = caretaker.halted();
        if (halted.isPresent()) {
            halt(halted.get());
            return false;
        }
        return due() && tryStart();
    }

    /** It may run although its start was reported as failed: on a full disk only the note about it cannot be written. */
    private synchronized void runs() {
        if (state != State.RUNNING) {
            failure = null;
        }
        state = State.RUNNING;
    }

    private synchronized void halt(String reason) {
        if (state != State.HALTED) {
            LOG.error("process stays down process={}: {}", name, reason);
        }
        failure = reason;
        state = State.HALTED;
        nextStartNanos = System.nanoTime();
    }

    /** @return whether the process was started */
    private boolean tryStart() throws InterruptedException {
        state(State.STARTING);
        startedNanos = System.nanoTime();
        try {
            caretaker.act(Decision.START);
            failed(null);
            starts++;
            restartDone();
            LOG.info("started process={} starts={}", name, starts);
            return true;
        } catch (InterruptedException interrupted) {
            if (!isClosing()) {
                throw interrupted;
            }
            stop();
            return false;
        } catch (IOException | RuntimeException fault) {
            failed(fault.getMessage() == null ? fault.toString() : fault.getMessage());
            LOG.warn("cannot start process={}: {}", name, fault.toString());
            waitBeforeNext();
            return false;
        }
    }

    /**
     * Kills a process that lives but does not work, once the caretaker allows it. It is then started again like one that ended
     * by itself.
     */
    private void replace(String reason) {
        long now = System.nanoTime();
        if (deadSinceNanos == 0) {
            deadSinceNanos = now;
            askedToReplaceNanos = now - ASK_AGAIN.toNanos();
            LOG.error("process lives and does not work process={}: {}", name, reason);
        }
        if (now - askedToReplaceNanos < ASK_AGAIN.toNanos()) {
            return;
        }
        askedToReplaceNanos = now;
        if (caretaker.mayReplace(Duration.ofNanos(now - deadSinceNanos))) {
            LOG.warn("process is replaced process={}: {}", name, reason);
            kill();
        }
    }

    private void kill() {
        try {
            caretaker.act(Decision.KILL);
            deadSinceNanos = 0;
        } catch (IOException | RuntimeException fault) {
            failed(fault.toString());
            LOG.error("cannot kill process={}", name, fault);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() throws InterruptedException {
        state(State.STOPPING);
        try {
            caretaker.act(Decision.STOP);
            LOG.info("stopped process={}", name);
        } catch (IOException | RuntimeException fault) {
            failed(fault.toString());
            LOG.error("cannot stop process={}", name, fault);
        }
        restartDone();
    }

    private synchronized void restartDone() {
        restartAsked = false;
        nextStartNanos = System.nanoTime();
    }

    private void ended(Observation now) {
        LOG.warn(
                "process ended process={} exit={}",
                name,
                now.exitCode().isPresent() ? now.exitCode().getAsInt() : "unknown");
        waitBeforeNext();
    }

    private synchronized void waitBeforeNext() {
        Duration wait = policy.afterExit(Duration.ofNanos(System.nanoTime() - startedNanos));
        nextStartNanos = System.nanoTime() + wait.toNanos();
        state = policy.crashLoop() ? State.CRASH_LOOP : State.WAITING;
        if (state == State.CRASH_LOOP) {
            LOG.error("process keeps dying process={} nextStartInMillis={}; see {}", name, wait.toMillis(), logFile);
        }
    }

    private synchronized boolean due() {
        return (starts == 0 && state == State.STARTING) || System.nanoTime() - nextStartNanos >= 0;
    }

    private void rest() throws InterruptedException {
        if (wake.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private synchronized void remember(Observation now) {
        seen = now;
    }

    private synchronized void failed(@Nullable String text) {
        failure = text;
    }

    private synchronized void state(State next) {
        state = next;
    }

    private synchronized boolean restartWanted() {
        return restartAsked;
    }

    private synchronized boolean isWanted() {
        return wanted;
    }

    private synchronized boolean isClosing() {
        return closing;
    }
}
