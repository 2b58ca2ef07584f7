package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.BrokerTrouble;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The exchange takes every fault that chaos asks of it. */
class BrokerTroubleTest {

    @Test
    void every_trouble_is_made_of_faults_that_end_by_themselves_within_its_time() {
        for (BrokerTrouble trouble : BrokerTrouble.values()) {
            for (String json : trouble.faults(4_000, List.of("INFY", "SBIN"))) {
                Fault fault = Fault.parse(json);
                boolean atOnce = fault.kind().bound == FaultKind.Bound.AT_ONCE;
                assertThat(atOnce || fault.durationMillis() == 4_000)
                        .as("%s: %s", trouble, json)
                        .isTrue();
            }
        }
    }
}
