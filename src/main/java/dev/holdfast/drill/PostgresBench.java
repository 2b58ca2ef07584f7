package dev.holdfast.drill;

import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.StolenTime;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How long acknowledged rows stand still when PostgreSQL is disturbed, beside another database that is disturbed in turns with it. */
public final class PostgresBench {

    private final Site site;
    private final RecoveryLog recoveryLog;
    private final Map<Disturbance, List<Long>> figures = new EnumMap<>(Disturbance.class);
    private final Map<Disturbance, List<Long>> baselines = new EnumMap<>(Disturbance.class);
    private @Nullable DisturbedRows other;
    private volatile boolean stopAsked;

    /**
     * @param site with a recovery log
     * @param other to compare with, null for nothing
     */
    public PostgresBench(Site site, @Nullable DisturbedDatabase other) {
        this.site = site;
        this.recoveryLog = Objects.requireNonNull(site.recoveryLog(), "there is a recovery log");
        this.other = other == null ? null : new DisturbedRows(other);
    }

    /** Milliseconds, one for each run; those of the other database may be fewer or none. */
    public record Measured(Disturbance what, List<Long> millis, List<Long> baselineMillis) {
        public Measured {
            millis = List.copyOf(millis);
            baselineMillis = List.copyOf(baselineMillis);
        }
    }

    /**
     * What was found.
     *
     * @param acknowledged rows by our database
     * @param missing those of them that its primary did not have in the end; anything but 0 is a defect
     */
    public record Findings(List<Measured> measured, long acknowledged, long missing) {
        public Findings {
            measured = List.copyOf(measured);
        }
    }

    /** Ends after the present disturbance. */
    public void stop() {
        stopAsked = true;
    }

    /** Runs once. @throws IOException if our own database does not recover, with what is missing */
    public Findings run(int runs) throws IOException, InterruptedException {
        try (Drill drill = new Drill(site)) {
            drill.start(0);
            DisturbedRows ours = new DisturbedRows(new HoldfastDatabase(site.system(), drill, recoveryLog));
            ours.prepare();
            if (other != null) {
                other.prepare();
            }
            for (int run = 0; run < runs && !stopAsked; run++) {
                for (Disturbance what : Disturbance.values()) {
                    if (!stopAsked) {
                        add(figures, what, measure(ours, what));
                        measureOther(what);
                    }
                }
            }
            long missing = missing(ours);
            if (other != null) {
                missing(other);
            }
            return new Findings(measured(), ours.acknowledged(), missing);
        } catch (Drill.NotWhole notWhole) {
            throw new IOException(notWhole.getMessage(), notWhole);
        } catch (SQLException unread) {
            throw new IOException("the rows cannot be prepared or read back: " + unread.getMessage(), unread);
        }
    }

    /** A baseline that breaks takes nothing of what was measured until then. */
    private void measureOther(Disturbance what) throws InterruptedException {
        DisturbedRows rows = other;
        if (rows == null) {
            return;
        }
        try {
            add(baselines, what, measure(rows, what));
        } catch (IOException broken) {
            site.progress().accept(rows.name() + " is not measured any further: " + broken.getMessage());
            other = null;
        }
    }

    private @Nullable Long measure(DisturbedRows rows, Disturbance what) throws IOException, InterruptedException {
        StolenTime stolen = new StolenTime();
        Long millis = rows.measure(what).millis(what);
        site.progress()
                .accept("  " + what.title() + ": " + rows.name() + " "
                        + (millis == null ? "not within the time" : millis + " ms") + "; " + stolen);
        return millis;
    }

    private long missing(DisturbedRows rows) throws SQLException, InterruptedException {
        long missing = rows.missing();
        site.progress()
                .accept(rows.name() + " acknowledged " + rows.acknowledged() + " rows; " + missing
                        + " of them are not on its primary in the end");
        return missing;
    }

    private List<Measured> measured() {
        List<Measured> measured = new ArrayList<>();
        figures.forEach(
                (what, millis) -> measured.add(new Measured(what, millis, baselines.getOrDefault(what, List.of()))));
        return measured;
    }

    private static void add(Map<Disturbance, List<Long>> lists, Disturbance what, @Nullable Long millis) {
        if (millis != null) {
            lists.computeIfAbsent(what, none -> new ArrayList<>()).add(millis);
        }
    }
}
