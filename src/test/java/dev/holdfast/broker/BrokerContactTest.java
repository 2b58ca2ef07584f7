package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A broker counts as silent while the questions that a gateway asks it go unanswered, whichever they are. */
final class BrokerContactTest {

    private final FakeBroker broker = new FakeBroker();
    private final AtomicLong now = new AtomicLong(1_000);
    private final BrokerContact contact = new BrokerContact(broker, now::get);

    /** In the morning a gateway asks for the instruments lists first, and for nothing else until it has them. */
    @Test
    void a_list_of_instruments_that_cannot_be_had_begins_a_silence_and_another_answer_ends_it() throws BrokerFailure {
        broker.failure = new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "no route to host");
        assertThatThrownBy(() -> contact.instruments(List.of())).isInstanceOf(BrokerFailure.class);
        now.addAndGet(3_000);
        assertThatThrownBy(() -> contact.instruments(List.of())).isInstanceOf(BrokerFailure.class);
        now.addAndGet(3_000);

        assertThat(contact.silentNanos()).isEqualTo(6_000);

        broker.failure = null;
        contact.instruments(List.of());
        assertThat(contact.silentNanos()).isZero();
    }

    @Test
    void a_refusal_is_an_answer() {
        broker.failure = new BrokerFailure(BrokerFailure.Kind.TOKEN, "token is invalid");
        assertThatThrownBy(contact::orders).isInstanceOf(BrokerFailure.class);
        assertThatThrownBy(() -> contact.instruments(List.of())).isInstanceOf(BrokerFailure.class);
        now.addAndGet(6_000);

        assertThat(contact.silentNanos()).isZero();
    }
}
