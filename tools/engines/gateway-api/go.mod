// The Gateway API's resource definitions: its config/crd/standard is read, nothing of it is built.
module nightjar.invalid/engines/gateway-api

go 1.26.0

require sigs.k8s.io/gateway-api v1.6.3
