package dev.holdfast.simulation;

import java.util.PriorityQueue;

/** Virtual time: what is to happen, in order of time, and at the same time in the order it was asked for. */
public final class Scheduler {

    private final PriorityQueue<Entry> queue = new PriorityQueue<>();
    private long nowNanos;
    private long asked;
    private long steps;

    private record Entry(long atNanos, long order, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    public long nowNanos() {
        return nowNanos;
    }

    /** How many actions have run. */
    public long steps() {
        return steps;
    }

    public void after(long nanos, Runnable action) {
        queue.add(new Entry(Math.addExact(nowNanos, Math.max(0, nanos)), asked++, action));
    }

    /** Runs what is due up to that time. */
    public void runUntil(long endNanos) {
        Entry next = queue.peek();
        while (next != null && next.atNanos <= endNanos) {
            queue.remove();
            nowNanos = next.atNanos;
            steps++;
            next.action.run();
            next = queue.peek();
        }
        nowNanos = Math.max(nowNanos, endNanos);
    }
}
