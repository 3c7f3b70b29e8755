package newslake;

import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.JobListener;

/**
 * Cancels a job in Flink when the job server cancels it.
 *
 * <p>Beam's job server only interrupts the thread that waits for the job, and then calls the job
 * cancelled. Flink would go on with it. Flink tells this listener, named in config.yaml, that the
 * waiting has ended.
 */
public final class CancelInterrupted implements JobListener {
  private static final long SECONDS = 30;

  private volatile JobClient job;

  @Override
  public void onJobSubmitted(JobClient submitted, Throwable failure) {
    job = submitted;
  }

  @Override
  public void onJobExecuted(JobExecutionResult result, Throwable failure) {
    JobClient waitedFor = job;
    if (failure instanceof InterruptedException && waitedFor != null) {
      try {
        waitedFor.cancel().get(SECONDS, TimeUnit.SECONDS);
      } catch (Exception error) {
        System.err.println(
            "job " + waitedFor.getJobID() + " could not be cancelled, and goes on: " + error);
      }
    }
  }
}
