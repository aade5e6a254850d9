#pragma once

#include "cli/arguments.h"
#include "sfumato/base/result.h"
#include "sfumato/deid/sampled_release.h"

namespace sfumato {

/// `deid` by a policy whose release is by sampling: it is paid for, drawn, written and told.
Result<int> release_sampled(const DeidArguments& given, const Policy& policy,
                            const RewriteParams& params, const KeyRing* ring);

}  // namespace sfumato
