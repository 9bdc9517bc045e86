package dev.events.sample.order;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * What a client sends to place an order.
 */
record OrderRequest(@NotNull UUID userId, @NotNull @Positive @Digits(integer = 10, fraction = 2) BigDecimal amount,
		@NotEmpty @Size(max = 100) List<@NotBlank @Size(max = 200) String> items) {

}
