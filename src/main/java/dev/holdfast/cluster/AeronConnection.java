package dev.holdfast.cluster;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.ReplicatedLog;
import dev.holdfast.protocol.Codec;
import dev.holdfast.protocol.MalformedMessage;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCodec;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A log over Aeron Cluster. One thread does all the network's work of this connection: driver, both sessions and all readers.
 * Replies complete on that thread, so what depends on them must not block.
 */
abstract sealed class AeronConnection<C, E> implements ReplicatedLog<C, E>
        permits AeronLog, AeronRecoveryLog, AeronConnection.OfMember {

    private static final Logger LOGGER = LoggerFactory.getLogger(AeronConnection.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Offers waiting for the network; they matter only now, so few are enough. */
    private static final int MAX_OFFERS = 256;

    /** An offer older than this is dropped instead of being sent late, as while there is no leader. */
    private static final Duration MAX_OFFER_AGE = Duration.ofMillis(100);

    private static final int SEND_LIMIT = 64;
    private static final Duration REOPEN_PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** Parks of an edge: short while something is going on. */
    static final Pace EDGE = new Pace(Duration.ofMillis(2), Duration.ofMillis(8));

    /** Parks of who follows decisions about failures: some milliseconds do not matter, and on each host one does. */
    static final Pace UNHURRIED = new Pace(Duration.ofMillis(4), Duration.ofMillis(20));

    /** Parks of a member's own reports, for which some milliseconds do not matter. */
    private static final Pace BACKGROUND = new Pace(Duration.ofMillis(2), Duration.ofMillis(20));

    private final MemberProfile<C, E> profile;
    private final AeronLogOptions options;
    private final Supplier<Transport> transports;
    private final Pace pace;
    private final long clientId = RANDOM.nextLong(1, Long.MAX_VALUE);
    private final CommandWindow<C> window;
    private final BlockingQueue<UnsafeBuffer> offers = new ArrayBlockingQueue<>(MAX_OFFERS);
    private final List<ReplayReader<E>> readers = new CopyOnWriteArrayList<>();
    private final AtomicInteger readersOpened = new AtomicInteger();
    private final ReplyCodec replies = new ReplyCodec();
    private final Codec<C> offerCodec;
    private final UnsafeBuffer offerScratch = new UnsafeBuffer(new byte[CommandFrame.MAX_LENGTH]);
    private final Thread thread;
    private volatile LogStatus status = new LogStatus(false, -1, -1);
    private volatile boolean offersWanted;
    private volatile boolean offersConnected;
    private long offersStuckNanos;
    private boolean reopeningTold;
    private volatile boolean closing;

    AeronConnection(MemberProfile<C, E> profile, AeronLogOptions options, Supplier<Transport> transports, Pace pace) {
        this.profile = profile;
        this.window =
                new CommandWindow<>(clientId, profile.protocol().commands().get());
        this.offerCodec = profile.protocol().commands().get();
        this.options = options;
        this.transports = transports;
        this.pace = pace;
        this.thread = Thread.ofPlatform().name("log-" + options.name()).daemon().unstarted(this::run);
    }

    /** With a driver of its own, so that the process outlives every member. */
    static Supplier<Transport> embedded(AeronLogOptions options) {
        MemberErrors errors = new MemberErrors(new Refusals());
        return () -> Transport.embedded(options.aeronFolder(), errors);
    }

    /** On the driver of a member within this process. */
    static Supplier<Transport> attached(AeronLogOptions options) {
        MemberErrors errors = new MemberErrors(new Refusals());
        return () -> Transport.attached(options.aeronFolder(), errors);
    }

    /** A member's own connection, for its reports. */
    static <C, E> AeronConnection<C, E> ofMember(MemberProfile<C, E> profile, AeronLogOptions options) {
        AeronConnection<C, E> log = new OfMember<>(profile, options);
        log.start();
        return log;
    }

    /** Returns at once; it connects on and on until closed. */
    final void start() {
        thread.start();
    }

    @Override
    public final CompletableFuture<Reply> submit(C command) {
        CompletableFuture<Reply> reply = window.submit(command);
        LockSupport.unpark(thread);
        return reply;
    }

    @Override
    public final Reply submitAndWait(C command, Duration timeout) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("waiting for a reply on the thread that receives it never ends");
        }
        try {
            return submit(command).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silence) {
            throw new LogUnavailable("no reply to " + command.getClass().getSimpleName() + " within "
                    + timeout.toMillis() + " ms; " + status);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable("interrupted while waiting for a reply");
        } catch (ExecutionException failure) {
            throw new LogUnavailable("no reply: " + failure.getCause());
        }
    }

    @Override
    public final void expectOffers() {
        offersWanted = true;
        LockSupport.unpark(thread);
    }

    @Override
    public final boolean offer(C command) {
        offersWanted = true; // its session is opened when the first one comes
        if (!offersConnected) {
            return false;
        }
        boolean taken;
        synchronized (offerCodec) {
            int length = offerCodec.encode(command, offerScratch, CommandFrame.HEADER_LENGTH);
            UnsafeBuffer frame = new UnsafeBuffer(new byte[CommandFrame.HEADER_LENGTH + length]);
            CommandFrame.putHeader(offerScratch, clientId, CommandFrame.UNNUMBERED);
            offerScratch.getBytes(0, frame, 0, frame.capacity());
            taken = offers.offer(frame);
        }
        LockSupport.unpark(thread);
        return taken;
    }

    /** Readers of one connection begin at different members, the one on this host first. */
    @Override
    public final EventReader<E> readAfter(long afterSequence) {
        return read(afterSequence, 1);
    }

    @Override
    public final EventReader<E> readFromTwoAfter(long afterSequence) {
        return read(afterSequence, Math.min(2, options.memberAddresses().size()));
    }

    private EventReader<E> read(long afterSequence, int copies) {
        if (closing) {
            throw new LogUnavailable("this connection is closed");
        }
        int members = options.memberAddresses().size();
        int own = Math.max(0, options.memberAddresses().indexOf(options.ownAddress()));
        int first = (own + readersOpened.getAndIncrement()) % members;
        List<ReplayFollower> followers = new ArrayList<>();
        for (int copy = 0; copy < copies; copy++) {
            followers.add(new ReplayFollower(
                    profile,
                    options,
                    (first + copy) % members,
                    afterSequence,
                    member -> followers.stream().anyMatch(other -> other.follows(member))));
        }
        ReplayReader<E> reader =
                new ReplayReader<>(profile.protocol().events().get(), afterSequence, followers, readers::remove);
        readers.add(reader);
        LockSupport.unpark(thread);
        return reader;
    }

    @Override
    public final LogStatus status() {
        return status;
    }

    @Override
    public final void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                reopen();
                lost();
            }
        } finally {
            closing = true;
            readers.forEach(ReplayReader::end);
            window.close("the connection of " + options.name() + " to the log is closed");
        }
    }

    private void reopen() {
        try (Transport transport = transports.get()) {
            converse(transport);
        } catch (RuntimeException broken) {
            // A driver gives up when its process was stopped for seconds; a fresh one goes on where this one stood.
            // A member's driver comes back with its member, which may take long; until then all attempts are the same.
            LOGGER.atLevel(reopeningTold ? Level.DEBUG : Level.WARN)
                    .log("log connection opens anew client={} reason=\"{}\"", options.name(), broken.toString());
            reopeningTold = true;
            LockSupport.parkNanos(REOPEN_PAUSE.toNanos());
        }
    }

    private void converse(Transport transport) {
        try (ClusterSession commands =
                        new ClusterSession(options.name(), profile.endpoints(), options, transport, new Commands());
                ClusterSession latest = new ClusterSession(
                        options.name() + "-latest", profile.endpoints(), options, transport, new Latest())) {
            ParkingIdle idle = new ParkingIdle(pace.busy, pace.idle);
            while (!closing) {
                long nowNanos = System.nanoTime();
                int work = transport.invoke();
                work += commands.work(nowNanos);
                work += commands.connected() ? window.send(commands::offer, SEND_LIMIT, nowNanos) : 0;
                work += offersWanted ? latest.work(nowNanos) + sendOffers(latest, nowNanos) : 0;
                work += read(transport, nowNanos);
                if (!window.isEmpty()) {
                    idle.reset(); // somebody waits for a reply
                }
                idle.idle(work);
            }
        } finally {
            readers.forEach(ReplayReader::detach);
        }
    }

    private int sendOffers(ClusterSession latest, long nowNanos) {
        int sent = 0;
        UnsafeBuffer frame = offers.peek();
        while (frame != null && sent < SEND_LIMIT && latest.offer(frame)) {
            offers.remove();
            sent++;
            frame = offers.peek();
        }
        if (frame == null || sent > 0) {
            offersStuckNanos = nowNanos;
        } else if (nowNanos - offersStuckNanos > MAX_OFFER_AGE.toNanos()) {
            offers.clear();
        }
        return sent;
    }

    private int read(Transport transport, long nowNanos) {
        int work = 0;
        for (ReplayReader<E> reader : readers) {
            work += reader.follow(transport, nowNanos);
        }
        return work;
    }

    private void lost() {
        status = new LogStatus(false, -1, status.term());
        offersConnected = false;
        offers.clear();
    }

    /** How long the thread parks when there was nothing to do: with a reply to come, and at most. */
    record Pace(Duration busy, Duration idle) {}

    /** What a member reports of itself. */
    static final class OfMember<C, E> extends AeronConnection<C, E> {
        private OfMember(MemberProfile<C, E> profile, AeronLogOptions options) {
            super(profile, options, attached(options), BACKGROUND);
        }
    }

    private final class Commands implements ClusterSession.Listener {
        @Override
        public void onConnected(int leader, long term) {
            reopeningTold = false;
            window.goBack(System.nanoTime());
            status = new LogStatus(true, leader, term);
        }

        @Override
        public void onLost() {
            status = new LogStatus(false, -1, status.term());
        }

        @Override
        public void onMessage(DirectBuffer buffer, int offset, int length) {
            Reply reply;
            try {
                reply = replies.decode(buffer, offset, length);
            } catch (MalformedMessage unknown) {
                LOGGER.warn("reply dropped client={} reason=\"{}\"", options.name(), unknown.getMessage());
                return;
            }
            window.onReply(reply, System.nanoTime());
        }
    }

    private final class Latest implements ClusterSession.Listener {
        @Override
        public void onConnected(int leader, long term) {
            offersConnected = true;
        }

        @Override
        public void onLost() {
            offersConnected = false;
            offers.clear();
        }

        @Override
        public void onMessage(DirectBuffer buffer, int offset, int length) {
            // Nothing offered is answered.
        }
    }
}
