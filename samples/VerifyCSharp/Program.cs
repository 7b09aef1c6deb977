// <console>
using Mvx.Sink.Verification;
using VerifyCSharp;

VerificationSettings settings = args.Contains("--quick") ? VerificationSettings.Quick : VerificationSettings.Default;
SinkVerificationReport report = new LineSinkSpecification().Verify(settings);
if (args.Contains("--json"))
    Console.WriteLine(report.ToJson());
else
    report.Print();
return report.ExitCode;
// </console>
