/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("isAvailable")
class EpollWireContractTest implements TcpWireContract {
    static boolean isAvailable() {
        return Epoll.isAvailable();
    }

    @Override
    public boolean preferNative() {
        return true;
    }
}
