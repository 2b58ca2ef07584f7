package dev.holdfast.agent.postgres;

import dev.holdfast.agent.postgres.Instance.Standby;
import java.util.List;

/** What a keeper is careful about, apart, so that a test can take it away. */
public class KeeperRules {

    /** Each look compares the names and settings in force with those that were confirmed. */
    public boolean looksAgain() {
        return true;
    }

    /** A session that holds what the proof of health needs is ended before the office is given up. */
    public boolean endsBlockers() {
        return true;
    }

    /** A walsender that still has the old names releases commits that the named standby has not. */
    public boolean maySayConfirmed(List<Standby> standbys, String named) {
        return standbys.stream().anyMatch(standby -> standby.host().equals(named) && standby.sync())
                && standbys.stream().allMatch(standby -> standby.host().equals(named) || standby.async());
    }

    /** A clone is slowed while its source is slow to write, because that write keeps the source in office. */
    public boolean sparesSourceOfClone() {
        return true;
    }
}
