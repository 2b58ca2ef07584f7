package dev.holdfast.log;

import dev.holdfast.protocol.Codec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Protocol;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The machine of an {@link InMemoryConnection}, its time, its timer and its events. Thread-safe. */
final class InMemoryMachine<C, E> implements Machine.Output {

    private static final long NO_TIMER = Long.MAX_VALUE;

    /** The only member. */
    private static final int MEMBER = 0;

    /** The client by which this host reports state hashes. */
    private static final long HOST_CLIENT = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Protocol<C, E> protocol;
    private final Supplier<? extends Machine> machines;
    private final LongSupplier clockNanos;
    private final Codec<C> codec;
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(2_048);
    private final List<byte[]> frames = new ArrayList<>();
    private final Deque<C> reports = new ArrayDeque<>();
    private Machine machine;
    private long timeNanos;
    private long timerNanos = NO_TIMER;
    private long clients;
    private long hostCommands;
    private @Nullable Reply reply;

    InMemoryMachine(Protocol<C, E> protocol, Supplier<? extends Machine> machines, LongSupplier clockNanos) {
        this.protocol = protocol;
        this.codec = protocol.commands().get();
        this.machines = machines;
        this.clockNanos = clockNanos;
        this.machine = machines.get();
    }

    Protocol<C, E> protocol() {
        return protocol;
    }

    long nextClientId() {
        lock.lock();
        try {
            return ++clients;
        } finally {
            lock.unlock();
        }
    }

    Reply apply(long clientId, long correlationId, C command) {
        lock.lock();
        try {
            feed(clientId, correlationId, command);
            Reply answered = reply;
            report();
            if (answered == null) {
                throw new IllegalStateException("the machine gave no reply to " + command);
            }
            if (answered.code() == ReplyCode.GAP) {
                throw new IllegalStateException(
                        "the machine saw a gap before command " + correlationId + ": " + answered);
            }
            return answered;
        } finally {
            lock.unlock();
        }
    }

    void applyUnnumbered(long clientId, C command) {
        lock.lock();
        try {
            feed(clientId, 0, command);
            report();
        } finally {
            lock.unlock();
        }
    }

    void advanceTo(long nanos) {
        lock.lock();
        try {
            while (timerNanos <= nanos) {
                timeNanos = Math.max(timeNanos, timerNanos);
                timerNanos = NO_TIMER;
                machine.onTimer(timeNanos, this);
                report();
            }
            timeNanos = Math.max(timeNanos, nanos);
        } finally {
            lock.unlock();
        }
    }

    long nowNanos() {
        lock.lock();
        try {
            timeNanos = Math.max(timeNanos, clockNanos.getAsLong());
            return timeNanos;
        } finally {
            lock.unlock();
        }
    }

    void restart() {
        lock.lock();
        try {
            Deque<byte[]> pieces = new ArrayDeque<>();
            machine.snapshot((buffer, offset, length) -> {
                byte[] piece = new byte[length];
                buffer.getBytes(offset, piece);
                pieces.add(piece);
            });
            Machine fresh = machines.get();
            fresh.restore(target -> {
                byte[] piece = pieces.poll();
                if (piece == null) {
                    return -1;
                }
                target.putBytes(0, piece);
                return piece.length;
            });
            machine = fresh;
        } finally {
            lock.unlock();
        }
    }

    long sequence() {
        lock.lock();
        try {
            return machine.sequence();
        } finally {
            lock.unlock();
        }
    }

    long stateHash() {
        lock.lock();
        try {
            return machine.stateHash();
        } finally {
            lock.unlock();
        }
    }

    /** @return frames after that sequence, at most {@code limit}; empty after the timeout or when interrupted or ended */
    List<byte[]> framesAfter(long sequence, int limit, Duration timeout, BooleanSupplier ended) {
        lock.lock();
        try {
            long leftNanos = timeout.toNanos();
            while (frames.size() <= sequence && leftNanos > 0 && !ended.getAsBoolean()) {
                leftNanos = moved.awaitNanos(leftNanos);
            }
            int from = (int) Math.min(sequence, frames.size());
            return List.copyOf(frames.subList(from, Math.min(frames.size(), from + limit)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void event(long sequence, DirectBuffer frame, int offset, int length) {
        if (sequence != frames.size() + 1) {
            throw new IllegalStateException("event " + sequence + " follows event " + frames.size());
        }
        if (length > EventFrame.MAX_LENGTH) {
            throw new IllegalStateException("event " + sequence + " has " + length + " bytes, at most "
                    + EventFrame.MAX_LENGTH + " are allowed");
        }
        byte[] copy = new byte[length];
        frame.getBytes(offset, copy);
        frames.add(copy);
        moved.signalAll();
    }

    @Override
    public void reply(Reply answer) {
        reply = answer;
    }

    @Override
    public void scheduleTimer(long deadlineNanos) {
        timerNanos = deadlineNanos;
    }

    @Override
    public void stateHashed(long sequence, long stateHash) {
        reports.add(protocol.reports().stateHash(MEMBER, sequence, stateHash));
    }

    @Override
    public void halt(int member, String reason) {
        if (member == MEMBER) {
            throw new IllegalStateException("the only member halts: " + reason);
        }
    }

    /** Hands the state hashes in after the command that caused them, as a member does. */
    private void report() {
        C next = reports.poll();
        while (next != null) {
            hostCommands++;
            feed(HOST_CLIENT, hostCommands, next);
            next = reports.poll();
        }
    }

    private void feed(long clientId, long correlationId, C command) {
        int length = codec.encode(command, scratch, 0);
        reply = null;
        machine.onCommand(nowNanos(), clientId, correlationId, new UnsafeBuffer(scratch, 0, length), 0, length, this);
    }
}
