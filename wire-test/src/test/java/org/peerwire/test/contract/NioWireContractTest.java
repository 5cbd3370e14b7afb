/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

class NioWireContractTest implements TcpWireContract {
    @Override
    public boolean preferNative() {
        return false;
    }
}
