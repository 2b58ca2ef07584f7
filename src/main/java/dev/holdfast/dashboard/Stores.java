package dev.holdfast.dashboard;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks PostgreSQL and Redis each two seconds how they are; the page shows it, nothing depends on it. */
final class Stores implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
    private static final long INTERVAL_MILLIS = 2_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** A question to a store. */
    @FunctionalInterface
    interface Question extends AutoCloseable {
        /**
         * @return what it said
         * @throws RuntimeException if it does not answer within a bounded time
         */
        Told ask();

        @Override
        default void close() {}
    }

    /**
     * @param sequence that the store has reached, -1 for one that keeps none
     * @param trouble what is wrong although it answers; empty when nothing is
     */
    record Told(long sequence, String trouble) {}

    /**
     * @param up null until it was asked
     * @param trouble what is wrong although it is up; empty when nothing is
     * @param reachedSequence -1 when unknown, or for a store that keeps none
     * @param answerMillis how long the answer took
     */
    record Store(
            String name,
            @Nullable Boolean up,
            String detail,
            String trouble,
            long reachedSequence,
            long answerMillis,
            long checkedAgoMillis) {}

    private record Answer(
            boolean up, String detail, String trouble, long sequence, long answerMillis, long atNanoTime) {}

    private static final class Watched {
        private final String name;
        private final Question question;
        private volatile @Nullable Answer last;

        Watched(String name, Question question) {
            this.name = name;
            this.question = question;
        }
    }

    private final List<Watched> watched;
    private final LongSupplier nanoTime;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("dashboard-stores").daemon().unstarted(this::run);

    Stores(Question postgres, Question redis, LongSupplier nanoTime) {
        this.watched = List.of(new Watched("PostgreSQL", postgres), new Watched("Redis", redis));
        this.nanoTime = nanoTime;
    }

    void start() {
        thread.start();
    }

    List<Store> view() {
        return watched.stream().map(this::view).toList();
    }

    private Store view(Watched store) {
        Answer answer = store.last;
        if (answer == null) {
            return new Store(store.name, null, "not asked yet", "", -1, -1, -1);
        }
        long agoMillis = (nanoTime.getAsLong() - answer.atNanoTime()) / 1_000_000;
        return new Store(
                store.name,
                answer.up(),
                answer.detail(),
                answer.trouble(),
                answer.sequence(),
                answer.answerMillis(),
                agoMillis);
    }

    private void run() {
        try {
            do {
                watched.forEach(this::ask);
            } while (!stopped.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Watched store) {
        long begun = nanoTime.getAsLong();
        Answer before = store.last;
        Answer answer;
        try {
            Told told = store.question.ask();
            long now = nanoTime.getAsLong();
            answer = new Answer(true, "", told.trouble(), told.sequence(), (now - begun) / 1_000_000, now);
        } catch (RuntimeException failure) {
            // The last sequence it told stays: how far it is behind is then at least known.
            long sequence = before == null ? -1 : before.sequence();
            answer = new Answer(false, String.valueOf(failure.getMessage()), "", sequence, -1, nanoTime.getAsLong());
        }
        store.last = answer;
        boolean troubled = !answer.trouble().isEmpty();
        if (before == null
                || before.up() != answer.up()
                || troubled == before.trouble().isEmpty()) {
            LOG.info("store={} up={} {}{}", store.name, answer.up(), answer.detail(), answer.trouble());
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                thread.interrupt();
            }
            watched.forEach(store -> store.question.close());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
