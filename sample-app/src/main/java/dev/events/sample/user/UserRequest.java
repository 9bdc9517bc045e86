package dev.events.sample.user;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * What a client sends to register or change a user.
 */
record UserRequest(@NotBlank @Email @Size(max = 200) String email, @NotBlank @Size(max = 100) String name) {

}
