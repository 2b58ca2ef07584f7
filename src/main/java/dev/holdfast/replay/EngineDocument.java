package dev.holdfast.replay;

import static dev.holdfast.types.Amounts.rupees;

import dev.holdfast.engine.TradingEngine;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An engine's state for people and for JSON, made from the events that repeat it. */
public final class EngineDocument {

    private final TradingEngine engine;
    private final List<Event> present;
    private final Map<Integer, String> instruments = new TreeMap<>();

    public EngineDocument(TradingEngine engine) {
        this.engine = engine;
        this.present = engine.present();
        all(Event.InstrumentDefined.class)
                .forEach(defined -> instruments.put(defined.instrument(), defined.exchange() + ":" + defined.symbol()));
    }

    /** Numbers are in paise, times in epoch milliseconds. */
    public Map<String, Object> json() {
        Event.Pulse pulse = engine.pulse();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("canTrade", pulse.canTrade());
        json.put("cannotTradeBecause", pulse.reason());
        json.put("day", all(Event.DayChanged.class).getFirst());
        json.put("brokerSession", all(Event.BrokerSessionChanged.class).getFirst());
        json.put("feed", all(Event.FeedChanged.class));
        json.put("grants", grants());
        json.put(
                "configuration",
                all(Event.EngineConfigured.class).stream().findFirst().orElse(null));
        json.put("instruments", instruments);
        json.put("switches", all(Event.SwitchChanged.class));
        json.put("strategies", strategies());
        json.put("orders", all(Event.OrderChanged.class));
        json.put("positions", all(Event.PositionChanged.class));
        json.put("strategyPositions", all(Event.ProfitChanged.class));
        json.put("brokerPositions", all(Event.BrokerPositionSeen.class));
        json.put("ticks", all(Event.TickApplied.class));
        json.put(
                "budgets",
                Map.of(
                        "secondLeft", pulse.secondBudget(),
                        "minuteLeft", pulse.minuteBudget(),
                        "dayLeft", pulse.dayBudget()));
        return json;
    }

    /** Rows for a person: what, which, and how it stood. */
    public List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        Event.Pulse pulse = engine.pulse();
        rows.add(List.of("trading", "", pulse.canTrade() ? "yes" : "no: " + pulse.reason()));
        Event.DayChanged day = all(Event.DayChanged.class).getFirst();
        String date =
                day.day() == 0 ? "" : java.time.LocalDate.ofEpochDay(day.day()).toString();
        rows.add(List.of("day", date, day.phase() + " " + day.reason()));
        for (Event.GrantChanged grant : all(Event.GrantChanged.class)) {
            rows.add(List.of(
                    "grant",
                    grant.kind().name(),
                    grant.session() == 0
                            ? "nobody holds it; last epoch " + grant.epoch()
                            : "host " + grant.host() + ", session " + grant.session() + ", epoch " + grant.epoch()));
        }
        all(Event.SwitchChanged.class)
                .forEach(each -> rows.add(List.of(
                        "switch",
                        each.kind() + " " + each.scope(),
                        each.target() + " by " + each.user() + ": " + each.reason())));
        Map<String, String> states = engine.strategyStates();
        all(Event.StrategyChanged.class)
                .forEach(each ->
                        rows.add(List.of("strategy", each.name(), each.state() + " " + states.get(each.name()))));
        all(Event.OrderChanged.class)
                .forEach(each -> rows.add(List.of(
                        "order",
                        Long.toString(each.orderNumber()),
                        each.state() + " " + each.side() + " " + each.filledQuantity() + "/" + each.quantity() + " "
                                + name(each.instrument()) + " for " + each.strategy() + ": " + each.reason())));
        all(Event.PositionChanged.class)
                .forEach(each -> rows.add(List.of(
                        "position",
                        name(each.instrument()) + " " + each.product(),
                        each.quantity() + ", cost " + rupees(each.costPaise()) + ", realised "
                                + rupees(each.realisedPaise()))));
        rows.add(List.of(
                "budget",
                "",
                pulse.secondBudget() + " this second, " + pulse.minuteBudget() + " this minute, " + pulse.dayBudget()
                        + " today"));
        return rows;
    }

    String name(int instrument) {
        return instruments.getOrDefault(instrument, "#" + instrument);
    }

    private Map<GrantKind, Event.GrantChanged> grants() {
        Map<GrantKind, Event.GrantChanged> grants = new TreeMap<>();
        all(Event.GrantChanged.class).forEach(grant -> grants.put(grant.kind(), grant));
        return grants;
    }

    private List<Map<String, Object>> strategies() {
        Map<String, String> states = engine.strategyStates();
        List<Map<String, Object>> strategies = new ArrayList<>();
        for (Event.StrategyChanged each : all(Event.StrategyChanged.class)) {
            Map<String, Object> strategy = new LinkedHashMap<>();
            strategy.put("definition", each);
            strategy.put("state", states.get(each.name()));
            strategies.add(strategy);
        }
        return strategies;
    }

    private <E extends Event> List<E> all(Class<E> type) {
        return present.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
