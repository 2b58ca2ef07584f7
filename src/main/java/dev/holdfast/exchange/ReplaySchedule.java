package dev.holdfast.exchange;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps elapsed wall time of a replay to market time. Each day runs through a few wall seconds before its open, its
 * session at the replay's speed and an overnight pause; after the last day the market stays closed.
 */
final class ReplaySchedule {

    static final long PREOPEN_WALL_NANOS = 5 * Ist.NANOS_PER_SECOND;
    static final long OVERNIGHT_WALL_NANOS = 15 * Ist.NANOS_PER_SECOND;

    /** Outside the session market time runs no faster than this, so that a pause never runs into the next day. */
    private static final double MAX_SPEED_OUTSIDE = 60;

    private static final LocalTime LAST_INSTANT = LocalTime.of(23, 59, 59);

    private final List<Stretch> stretches = new ArrayList<>();

    /** One day's session. */
    record Day(LocalDate day, LocalTime open, LocalTime close) {}

    private record Stretch(Day day, Phase phase, long wallStart, long wallLength, long marketStart, double speed) {

        MarketTime at(long elapsed) {
            long market = marketStart + (long) ((elapsed - wallStart) * speed);
            long last = Ist.nanos(day.day(), LAST_INSTANT);
            return new MarketTime(day.day(), Math.clamp(market, marketStart, last), phase);
        }

        long marketEnd() {
            return at(wallStart + wallLength).nanos();
        }
    }

    /** @param days in order, at least one */
    ReplaySchedule(List<Day> days, double speed) {
        double outside = Math.min(speed, MAX_SPEED_OUTSIDE);
        long wall = 0;
        for (Day day : days) {
            long open = Ist.nanos(day.day(), day.open());
            long close = Ist.nanos(day.day(), day.close());
            long midnight = Ist.nanos(day.day(), LocalTime.MIDNIGHT);
            long before = Math.max(midnight, open - (long) (PREOPEN_WALL_NANOS * outside));
            wall = add(day, Phase.PREOPEN, wall, (long) ((open - before) / outside), before, outside);
            wall = add(day, Phase.OPEN, wall, (long) ((close - open) / speed), open, speed);
            wall = add(day, Phase.CLOSED, wall, OVERNIGHT_WALL_NANOS, close, outside);
        }
        Stretch last = stretches.getLast();
        add(last.day, Phase.CLOSED, wall, Long.MAX_VALUE - wall, last.marketEnd(), 1);
    }

    private long add(Day day, Phase phase, long wallStart, long wallLength, long marketStart, double speed) {
        stretches.add(new Stretch(day, phase, wallStart, wallLength, marketStart, speed));
        return wallStart + wallLength;
    }

    MarketTime at(long elapsedNanos) {
        for (Stretch stretch : stretches) {
            if (elapsedNanos < stretch.wallStart + stretch.wallLength) {
                return stretch.at(Math.max(elapsedNanos, stretch.wallStart));
            }
        }
        return stretches.getLast().at(elapsedNanos);
    }

    /** Elapsed wall time at which the market reaches a time; a time between two days gives the later one's start. */
    long elapsedAt(long marketNanos) {
        for (Stretch stretch : stretches.subList(0, stretches.size() - 1)) {
            if (marketNanos < stretch.marketEnd()) {
                long into = Math.max(0, marketNanos - stretch.marketStart);
                return stretch.wallStart + (long) (into / stretch.speed);
            }
        }
        return stretches.getLast().wallStart;
    }
}
