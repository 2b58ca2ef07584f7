package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;

/** Takes what the feed's holder reports. Anybody else's is refused: the broker's ticks carry no identity. */
final class Feed {

    private Feed() {}

    static Answer tick(State state, Command.ReportTick t, Decision decision) {
        String refusal = refusal(state, t.session(), t.epoch(), t.instrument());
        if (!refusal.isEmpty()) {
            return Answer.refused(refusal);
        }
        boolean possible = t.lastPricePaise() > 0
                && t.lowPaise() > 0
                && t.lowPaise() <= t.lastPricePaise()
                && t.lastPricePaise() <= t.highPaise()
                && t.volume() >= 0;
        if (!possible) {
            return Answer.refused("an impossible tick: last " + t.lastPricePaise() + ", low " + t.lowPaise() + ", high "
                    + t.highPaise() + ", volume " + t.volume());
        }
        Event.EngineConfigured settings = state.configuration;
        boolean real = settings != null && settings.realBroker();
        long believed = state.market.believedTime(t.instrument(), t.marketTimeNanos(), real, state.now);
        decision.change(() -> state.market.told(t.instrument(), t.marketTimeNanos(), state.now));
        decision.emit(new Event.TickApplied(
                t.instrument(),
                t.lastPricePaise(),
                t.lastQuantity(),
                t.volume(),
                t.highPaise(),
                t.lowPaise(),
                t.dayOpenPaise(),
                t.dayHighPaise(),
                t.dayLowPaise(),
                t.previousClosePaise(),
                t.bidPaise(),
                t.bidQuantity(),
                t.askPaise(),
                t.askQuantity(),
                believed,
                t.conflated()));
        return Answer.OK;
    }

    static Answer bar(State state, Command.ReportBar b, Decision decision) {
        String refusal = refusal(state, b.session(), b.epoch(), b.instrument());
        if (!refusal.isEmpty()) {
            return Answer.refused(refusal);
        }
        if (b.lowPaise() <= 0
                || b.lowPaise() > Math.min(b.openPaise(), b.closePaise())
                || b.highPaise() < Math.max(b.openPaise(), b.closePaise())) {
            return Answer.refused("an impossible bar: open " + b.openPaise() + ", high " + b.highPaise() + ", low "
                    + b.lowPaise() + ", close " + b.closePaise());
        }
        decision.emit(new Event.BarApplied(
                b.instrument(),
                b.startNanos(),
                b.openPaise(),
                b.highPaise(),
                b.lowPaise(),
                b.closePaise(),
                b.volume(),
                b.ticks()));
        return Answer.OK;
    }

    static Answer changed(State state, Command.ReportFeed f, Decision decision) {
        String refusal = refusal(state, f.session(), f.epoch(), f.instrument());
        if (!refusal.isEmpty()) {
            return Answer.refused(refusal);
        }
        decision.emit(new Event.FeedChanged(f.state(), f.instrument(), f.detail()));
        return Answer.OK;
    }

    /** The sender's own session counts; a gateway that only stands by may find its token dead without harm. */
    static Answer brokerSession(State state, Command.ReportBrokerSession s, Decision decision) {
        if (state.grants.held(GrantKind.SENDER)
                && state.grants.grant(GrantKind.SENDER).session() != s.session()) {
            return Answer.OK;
        }
        Event.BrokerSessionChanged next = new Event.BrokerSessionChanged(s.state(), s.detail());
        if (!next.equals(state.brokerSession)) {
            decision.emit(next);
        }
        return Answer.OK;
    }

    private static String refusal(State state, long session, long epoch, int instrument) {
        if (!state.grants.isHolder(GrantKind.FEED, session, epoch)) {
            return "epoch " + epoch + " does not hold the feed grant";
        }
        if (instrument != 0 && state.market.instrument(instrument) == null) {
            return "unknown instrument " + instrument;
        }
        return "";
    }
}
