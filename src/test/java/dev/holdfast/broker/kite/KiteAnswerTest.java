package dev.holdfast.broker.kite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.broker.SendAnswer;
import dev.holdfast.protocol.SendOutcome;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KiteAnswerTest {

    @Test
    void success_with_an_order_id_is_accepted() {
        SendAnswer answer = KiteAnswer.of(200, "{\"status\":\"success\",\"data\":{\"order_id\":\"151220000000000\"}}");

        assertThat(answer).isEqualTo(SendAnswer.accepted("151220000000000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"ok\"",
                "<html>502</html>",
                "{}",
                "{\"status\":\"success\"}",
                "{\"status\":\"success\",\"data\":{}}",
                "{\"status\":\"success\",\"data\":{\"order_id\":\"\"}}",
                "{\"status\":\"success\",\"data\":{\"order_id\":null}}",
                "{\"status\":\"success\",\"data\":{\"order_id\":\"1"
            })
    void anything_else_with_200_is_uncertain(String body) {
        assertThat(KiteAnswer.of(200, body).outcome()).isEqualTo(SendOutcome.UNCERTAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "400, InputException, REFUSED",
        "400, OrderException, REFUSED",
        "400, MarginException, REFUSED",
        "400, HoldingException, REFUSED",
        "403, UserException, REFUSED",
        "403, PermissionException, REFUSED",
        "403, TokenException, REFUSED",
        "429, NetworkException, REFUSED",
        "429, AnythingNew, REFUSED",
        "400, GeneralException, UNCERTAIN",
        "400, AnythingNew, UNCERTAIN",
        "404, GeneralException, UNCERTAIN",
        "408, NetworkException, UNCERTAIN",
        "500, OrderException, UNCERTAIN",
        "500, GeneralException, UNCERTAIN",
        "502, NetworkException, UNCERTAIN",
        "503, InputException, UNCERTAIN",
        "504, NetworkException, UNCERTAIN",
        "302, InputException, UNCERTAIN"
    })
    void an_error_envelope_refuses_only_with_4xx_and_a_type_that_proves_it(
            int status, String errorType, SendOutcome expected) {
        SendAnswer answer = KiteAnswer.of(
                status,
                "{\"status\":\"error\",\"message\":\"why\",\"error_type\":\"" + errorType + "\",\"data\":null}");

        assertThat(answer.outcome()).isEqualTo(expected);
        assertThat(answer.errorType()).isEqualTo(errorType);
        assertThat(answer.rateLimited()).isEqualTo(status == 429);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 429, 500, 502, 503, 504})
    void an_error_without_the_envelope_is_uncertain(int status) {
        assertThat(KiteAnswer.of(status, "<html><body>" + status + "</body></html>")
                        .outcome())
                .isEqualTo(SendOutcome.UNCERTAIN);
    }

    @Test
    void a_message_cannot_forge_a_line_or_repaint_a_terminal() {
        SendAnswer answer = KiteAnswer.of(
                400,
                "{\"status\":\"error\",\"error_type\":\"InputException\","
                        + "\"message\":\"bad\\n2026-11-23 kill switch released \\u001b[2J\\u202e\"}");

        assertThat(answer.message()).isEqualTo("bad\\u000A2026-11-23 kill switch released \\u001B[2J\\u202E");
    }

    @Test
    void without_an_answer_only_proof_that_nothing_was_written_is_not_sent() {
        assertThat(KiteAnswer.ofFailure(new IOException("refused"), true).outcome())
                .isEqualTo(SendOutcome.NOT_SENT);
        assertThat(KiteAnswer.ofFailure(new IOException("reset"), false).outcome())
                .isEqualTo(SendOutcome.UNCERTAIN);
    }
}
