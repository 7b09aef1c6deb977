namespace Mvx.Sink.Properties.Oracle

/// Makes the steps that a twin takes.
module TwinStep =
    let silently next =
        {
            Next = next
            Begins = None
            Ends = None
        }

    let beginCall kind items twin =
        let call = { Kind = kind; Items = items }

        {
            Next =
                { twin with
                    InCall = Some(twin.Calls, call)
                    Calls = twin.Calls + 1
                }
            Begins = Some call
            Ends = None
        }
