/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void terminalControlsAreReplaced() {
        assertThat(Texts.plain("a\u001b[31m\r\n\u009b\u202eb")).isEqualTo("a?[31m????b");
        assertThat(Texts.plain("na\u00efve \u6587")).isEqualTo("na\u00efve \u6587");
    }

    @Test
    void oneByteIsSingular() {
        assertThat(Texts.bytes(1)).isEqualTo("1 byte");
        assertThat(Texts.bytes(2)).isEqualTo("2 bytes");
    }

    @Test
    void anExactNumberOfBytesHasTheLargestUnitThatDividesIt() {
        assertThat(Texts.binary(256 * 1024)).isEqualTo("256KiB");
        assertThat(Texts.binary(1024 * 1024)).isEqualTo("1MiB");
        assertThat(Texts.binary(1024 * 1024 + 1024)).isEqualTo("1025KiB");
        assertThat(Texts.binary(1025)).isEqualTo("1025B");
    }
}
