/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

import org.peerwire.EncryptionPolicy;

class EncryptedNioWireContractTest implements TcpWireContract {
    @Override
    public boolean preferNative() {
        return false;
    }

    @Override
    public EncryptionPolicy encryption() {
        return EncryptionPolicy.REQUIRE;
    }
}
