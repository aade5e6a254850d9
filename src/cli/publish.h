#pragma once

#include <functional>
#include <string>

#include "cli/arguments.h"
#include "cli/payment.h"
#include "cli/picture.h"
#include "cli/report.h"

namespace sfumato {

/// Whether a picture is asked for that can be drawn: to be called before anything is read.
Status check_plot(const QueryArguments& given);

/// Writes the picture to the file, as its name says.
Status keep_plot(const std::string& file, const Picture& picture);

/// Computes a release and shows it; where a ledger pays, what was charged for. `plan` are the bytes
/// by which a ledger knows the question, and `loss` what answering gives away.
Result<int> publish(const QueryArguments& given, const Question& question,
                    const std::function<Result<std::string>()>& plan, const ReleaseLoss& loss,
                    const Compute& compute, Report report);

}  // namespace sfumato
